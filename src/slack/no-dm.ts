import type { Clock } from '../clock.ts'
import type { Desk, Queue } from '../desk.ts'
import type { Attempt } from '../dispatcher.ts'
import type { Database, Tx } from '../store/database.ts'
import { clearNoDm, forgetPlace, markNoDm } from '../store/direct-messages.ts'
import { insertEffect, type OutboxRow } from '../store/outbox.ts'
import { people } from '../store/people.ts'
import { forgetSlackMessage } from '../store/slack-messages.ts'
import { type Person, wayTo } from '../ticket/in-full.ts'
import { type Effect, slotKey } from '../ticket/policies/effect.ts'
import type { Renderer } from './render.ts'

interface NoDmParts {
  database: Database
  desk: Desk
  clock: Clock
  queue: Pick<Queue, 'wakeLane'>
  render: Pick<Renderer, 'groupOf'>
  triageChannelOf(groupKey: string | null): string
}

/** What follows when Slack lets us tell somebody nothing where we tried to. */
export interface NoDm {
  /**
   * Slack refused a direct message to the contact. Whoever has another Slack user gets it there; else the ticket knows, and
   * what they would have heard of in Slack alone goes by mail, or beside the others of the channel they were seen in.
   */
  refused(row: OutboxRow, contactId: number, reason: string): Promise<Attempt>
  /** Nor can they be told in that channel. */
  lost(row: OutboxRow, contactId: number, channel: string, reason: string): Promise<Attempt>
  /** A direct message stands in this conversation: if Slack had refused them before, the card stops saying so. */
  over(row: OutboxRow, dmChannel: string): Promise<void>
}

export function createNoDm(parts: NoDmParts): NoDm {
  const { database, desk, clock, queue } = parts
  return {
    refused: (row, contactId, reason) =>
      database.transaction(async (tx) => {
        const slack = (await personOf(tx, contactId)).slack
        if (slack) await markNoDm(tx, slack, reason, clock.now())
        const person = await personOf(tx, contactId)
        if (person.slack && person.slack.noDm === undefined) {
          // What stands in the first one's conversation is edited by nobody any more.
          if (row.ticketId !== null)
            await forgetSlackMessage(tx, slotKey(row.ticketId, { place: 'request', contactId }))
          return {
            kind: 'later',
            problem: `no direct message: ${reason}; they have another`,
            delayMs: 0,
            laneToo: false,
          }
        }
        await record(tx, row, person, reason)
        return { kind: 'never', problem: `no direct message: ${reason}`, isMeant: true }
      }),
    lost: (row, contactId, channel, reason) =>
      database.transaction(async (tx) => {
        const before = await personOf(tx, contactId)
        if (before.slack) await forgetPlace(tx, before.slack, channel)
        const person = await personOf(tx, contactId)
        await record(tx, row, person, before.slack?.noDm ?? reason)
        return { kind: 'never', problem: `nothing can be said in ${channel}: ${reason}`, isMeant: true }
      }),
    over: (row, dmChannel) =>
      database.transaction(async (tx) => {
        if (!(await clearNoDm(tx, dmChannel)) || row.ticketId === null) return
        const lane = `slack:${parts.triageChannelOf(await parts.render.groupOf(row.ticketId))}`
        const effect: Effect = { kind: 'post', slot: { place: 'card' } }
        const { ticketId, eventId } = row
        const card = { key: `${row.key}/card`, ticketId, eventId, lane, effect, messageId: null }
        if (await insertEffect(tx, card)) await queue.wakeLane(tx, lane)
      }),
  }

  async function record(tx: Tx, row: OutboxRow, person: Person, reason: string): Promise<void> {
    if (row.ticketId === null || row.eventId === null) return
    const way = wayTo(person)
    if (way === 'both' || way === 'slack') return
    const channel = way === 'channel' ? person.slack?.seenIn : undefined
    await desk.handle(
      {
        type: 'record-no-dm',
        ticketId: row.ticketId,
        eventId: row.eventId,
        contactId: person.id,
        reason,
        way,
        ...(channel ? { channel } : {}),
        actor: { kind: 'system' },
        via: 'system',
        source: `slack/no-dm/${row.id}`,
      },
      tx,
    )
  }
}

async function personOf(tx: Tx, contactId: number): Promise<Person> {
  return (await people(tx, [contactId]))[0]!
}
