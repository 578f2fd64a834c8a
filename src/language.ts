import type { Queue } from './desk.ts'
import type { Database } from './store/database.ts'
import { insertEffect } from './store/outbox.ts'
import { chooseLanguage } from './store/people.ts'
import { openRequestsOf } from './store/tickets.ts'
import type { Effect } from './ticket/policies/effect.ts'

/** Lets somebody say which language they want to be spoken to in. */
export interface Languages {
  /**
   * From now on all that is said to this contact is in this language (null: as Slack has it), and what Slack shows them
   * is said anew: their Home and the threads of what is not closed. The same `source` twice draws once.
   */
  choose(contactId: number, language: string | null, source: string): Promise<void>
}

export function createLanguages({ database, queue }: { database: Database; queue: Queue }): Languages {
  return {
    choose: (contactId, language, source) =>
      database.transaction(async (tx) => {
        await chooseLanguage(tx, contactId, language)
        const put = async (ticketId: number | null, lane: string, effect: Effect & { kind: 'post' }) => {
          const key = `language/${source}/${effect.slot.place}/${ticketId ?? ''}`
          await insertEffect(tx, { key, ticketId, eventId: null, lane, effect, messageId: null })
          await queue.wakeLane(tx, lane)
        }
        await put(null, `home:${contactId}`, { kind: 'post', slot: { place: 'home', contactId } })
        for (const id of await openRequestsOf(tx, contactId, MOST_THREADS))
          await put(id, `dm:${contactId}`, { kind: 'post', slot: { place: 'request', contactId } })
      }),
  }
}

// A post a second: older ones are drawn anew when something happens to them.
const MOST_THREADS = 20
