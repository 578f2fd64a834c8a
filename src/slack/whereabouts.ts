import type { Clock } from '../clock.ts'
import type { Database } from '../store/database.ts'
import { savePlace } from '../store/direct-messages.ts'
import type { SlackUser } from '../store/people.ts'
import { type Listening, userOf } from './listening.ts'

const MOST_KNOWN = 10_000

/**
 * Remembers in which channel people press or type something to us: who gets no direct messages is told there. Nobody waits
 * for it.
 */
export function register({ app, database, clock, log }: Pick<Listening, 'app' | 'database' | 'clock' | 'log'>): void {
  const remember = createPlaces(database, clock, log)
  app.use(async ({ body, next }) => {
    const seen = seenIn(body as Partial<Interaction>)
    if (seen) remember(seen.user, seen.channel)
    await next()
  })
}

function createPlaces(database: Database, clock: Clock, log: Listening['log']) {
  const known = new Map<string, string>()
  return (user: SlackUser, channel: string) => {
    const key = `${user.teamId}/${user.userId}`
    if (known.get(key) === channel) return
    if (known.size > MOST_KNOWN) known.clear()
    known.set(key, channel)
    savePlace(database, user, channel, clock.now()).catch((error) => {
      known.delete(key)
      log.warn({ err: error }, 'where somebody was seen could not be kept')
    })
  }
}

/** What a button, a shortcut on a message and a command have in common, as far as it matters here. */
interface Interaction {
  user: { id: string; team_id?: string }
  team: { id: string } | null
  channel: { id: string }
  command: string
  user_id: string
  team_id: string
  channel_id: string
}

function seenIn(body: Partial<Interaction>): { user: SlackUser; channel: string } | null {
  const { user, team = null, channel } = body
  if (user?.id && isShared(channel?.id)) return { user: userOf({ user, team }), channel: channel!.id }
  if (body.command && body.user_id && isShared(body.channel_id))
    return { user: { userId: body.user_id, teamId: body.team_id ?? '' }, channel: body.channel_id! }
  return null
}

/** A channel has others in it; a conversation with the app is what could not be had. */
function isShared(channel: string | undefined): boolean {
  return channel !== undefined && !channel.startsWith('D')
}
