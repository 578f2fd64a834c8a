import type { WebClient } from '@slack/web-api'
import { type Clock, isFresh } from '../clock.ts'
import type { Attempt } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import { claimSource } from '../store/log.ts'

const FRESH_MS = 60_000
const RETRY_MS = 60_000
const DAY = 86_400_000

interface SharedParts {
  database: Database
  client: WebClient
  clock: Clock
  /** What is said in a triage channel that others can read: nothing of any request. */
  alarm: string
  log: { error(fields: object, message: string): void }
}

/**
 * Keeps what clients wrote out of a triage channel that was shared with another company (Slack Connect): answers null
 * for one that is ours alone. For any other the post waits, and the channel is told why, once a day (threat S7).
 */
export function createSharedGuard(parts: SharedParts): (channel: string) => Promise<Attempt | null> {
  const { database, client, clock, alarm, log } = parts
  const known = new Map<string, { at: number; isShared: boolean }>()

  const isShared = async (channel: string): Promise<boolean> => {
    const now = clock.now().getTime()
    const cached = known.get(channel)
    if (cached && isFresh(cached.at, now, FRESH_MS)) return cached.isShared
    const { channel: found } = await client.conversations.info({ channel })
    // is_shared also means shared within the own organisation (docs.slack.dev/apis/slack-connect).
    const shared = found?.is_ext_shared === true
    known.set(channel, { at: now, isShared: shared })
    return shared
  }
  const tell = async (channel: string) => {
    log.error({ channel }, 'the triage channel is shared with another company: nothing is posted in it')
    const day = Math.floor(clock.now().getTime() / DAY)
    await database.transaction(async (tx) => {
      if (!(await claimSource(tx, `slack/shared/${channel}/${day}`, clock.now()))) return
      await client.chat.postMessage({ channel, text: alarm })
    })
  }
  return async (channel) => {
    if (!(await isShared(channel))) return null
    await tell(channel)
    const problem = `the channel ${channel} is shared with another company: stop sharing it, or set another triage channel`
    return { kind: 'later', problem, delayMs: RETRY_MS, laneToo: true }
  }
}
