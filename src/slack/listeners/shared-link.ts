import { z } from 'zod'
import { readableTicket } from '../../store/readers.ts'
import { loadTicket } from '../../store/tickets.ts'
import { isSlackError } from '../failures.ts'
import type { Listening } from '../listening.ts'
import { linkedRequestView } from '../views/linked-request.ts'
import { asideLane, writePost } from '../write-post.ts'

const shape = z.object({
  user: z.string(),
  channel: z.string(),
  message_ts: z.string(),
  thread_ts: z.string().optional(),
  is_bot_user_member: z.boolean().optional(),
  source: z.string().optional(),
  links: z.array(z.object({ url: z.string() })),
})
type Shared = z.infer<typeof shape>

const MOST_LINKS = 5

/**
 * A link to a request. What unfurls is read by everybody in the channel, so it unfurls only where each of them may know: in
 * the team's own triage channel while nobody else reads that, and in somebody's direct message with us. Anywhere else whoever posted it is shown the
 * request alone, if they may read it; a number that is nobody's, or not theirs, has no answer anywhere.
 */
export function register(listening: Listening): void {
  listening.app.event('link_shared', async ({ event, body }) => {
    const parsed = shape.safeParse(event)
    // While it is being typed there is no message yet; it is told of again when it was sent.
    if (!parsed.success || parsed.data.source === 'composer') return
    const user = { userId: parsed.data.user, teamId: body.team_id }
    const numbers = new Map(parsed.data.links.flatMap(({ url }) => linkOf(listening.publicUrl, url)))
    for (const [url, number] of [...numbers].slice(0, MOST_LINKS)) await show(listening, parsed.data, user, url, number)
  })
}

async function show(
  listening: Listening,
  shared: Shared,
  user: { userId: string; teamId: string },
  url: string,
  number: number,
): Promise<void> {
  const { database, queue, who, render } = listening
  const { channel, message_ts: ts } = shared
  if (listening.isTriageChannel(channel)) {
    const ticket = await loadTicket(database, number)
    const isTheirs = ticket && listening.triageChannelOf(ticket.groupKey) === channel
    if (isTheirs && (await listening.heldBack(channel)) === null)
      await unfurl(listening, shared, url, linkedRequestView(ticket, render.deskContext()))
    return
  }
  const person = await who.contact(user)
  const found = await readableTicket(database, person.id, number)
  if (!found) return
  const ctx = render.requesterContext(person)
  // A conversation of two, and the other one is us. Slack may tell of links in DMs of two other people too.
  if (channel.startsWith('D') && shared.is_bot_user_member === true)
    return unfurl(listening, shared, url, linkedRequestView(found.ticket, ctx))
  const slot = {
    ...({ place: 'linked', contactId: person.id, ticketId: number } as const),
    ...{ channel, userId: user.userId, threadTs: shared.thread_ts ?? null, ts },
  }
  await database.transaction((tx) => writePost(tx, queue, asideLane(channel, user), slot, 'shared'))
}

async function unfurl(
  { client }: Listening,
  { channel, message_ts: ts }: Shared,
  url: string,
  view: ReturnType<typeof linkedRequestView>,
): Promise<void> {
  await client.chat.unfurl({ channel, ts, unfurls: { [url]: view } }).catch((error) => {
    // Gone meanwhile, or not a link any more: there is nothing to show it under.
    if (!isSlackError(error, 'cannot_find_message', 'cannot_unfurl_url', 'cannot_unfurl_message')) throw error
  })
}

/** The number in a link to one of our requests; nothing for any other address. */
export function linkOf(publicUrl: string, url: string): [string, number][] {
  const base = publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`
  const number = url.startsWith(`${base}requests/`) ? /^([1-9]\d{0,14})\/?$/.exec(url.slice(base.length + 9)) : null
  return number ? [[url, Number(number[1])]] : []
}
