import type { WebClient } from '@slack/web-api'
import type { Deliver } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import { people } from '../store/people.ts'
import { slackCode, slackFailure } from './failures.ts'
import type { NoDm } from './no-dm.ts'
import type { Renderer } from './render.ts'
import { whisperView } from './views/unreachable.ts'

interface WhisperParts {
  database: Database
  client: WebClient
  render: Renderer
  noDm: NoDm
}

// docs.slack.dev/reference/methods/chat.postEphemeral: they, or we, are not in that channel any more.
const gone = new Set(['user_not_in_channel', 'not_in_channel', 'channel_not_found', 'is_archived', 'restricted_action'])

/**
 * Does `whisper` effects: tells somebody, where only they see it, of what no direct message can tell them. Nobody can ask
 * Slack whether it was shown, so after a crash it is said again: twice is better than never.
 */
export function createWhisperer({ database, client, render, noDm }: WhisperParts): Deliver {
  return async (row) => {
    if (row.effect.kind !== 'whisper' || row.ticketId === null) throw new Error(`outbox ${row.id} is no whisper`)
    const { contactId } = row.effect
    const [person] = await people(database, [contactId])
    const full = await render.full(row.ticketId)
    const event = full?.events.find(({ id }) => id === row.eventId)
    if (!person?.slack || !full || !event) return { kind: 'done', paceMs: 0 }
    const channel = person.slack.seenIn
    if (!channel) return noDm.lost(row, contactId, '', 'seen in no channel')
    try {
      const view = whisperView(full, event, render.requesterContext(person))
      await client.chat.postEphemeral({ channel, user: person.slack.userId, ...view })
      return { kind: 'done', paceMs: 0 }
    } catch (error) {
      const code = slackCode(error)
      if (code !== null && gone.has(code)) return noDm.lost(row, contactId, channel, code)
      return slackFailure(error)
    }
  }
}
