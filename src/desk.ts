import type { Clock } from './clock.ts'
import { enqueue, enqueueOtherwise } from './enqueue.ts'
import { hashOf, type Secrets } from './secrets.ts'
import { aroundReply } from './store/around.ts'
import type { Database, Tx } from './store/database.ts'
import { appendEvent, claimSource, eventsOf, settleSource, ticketOfSource } from './store/log.ts'
import { managesTicket } from './store/organizations.ts'
import { changeOutside } from './store/outside.ts'
import { storableIn } from './store/storable.ts'
import { claimAsking } from './store/survey.ts'
import { insertTicket, loadForUpdate, saveDescription, saveSecretHashes, saveTicket } from './store/tickets.ts'
import type { Command } from './ticket/commands.ts'
import { consentOf } from './ticket/consent.ts'
import { decide, looksBack, type Terms } from './ticket/decide.ts'
import type { StoredEvent, TicketEvent } from './ticket/events.ts'
import { BelongsToFollowUp, openFollowUp } from './ticket/follow-up.ts'
import { Refusal } from './ticket/refusal.ts'
import { apply, type Ticket } from './ticket/ticket.ts'

/** What a command led to. `ticketId` is the follow-up's when the reply became, or joined, one. */
export interface Outcome {
  ticketId: number
  events: StoredEvent[]
  /** True when this source had been handled before, so that nothing was done now. */
  isRepeat: boolean
}

export interface Desk {
  /**
   * Does what is asked, in one transaction (`tx` to join the caller's): lock, decide, save, append events, enqueue
   * effects. Throws a Refusal, with nothing changed, when the person may not or the ticket cannot.
   */
  handle(command: Command, tx?: Tx): Promise<Outcome>
}

/** How the desk wakes whoever does effects; the job is written in the same transaction as the effect. */
export interface Queue {
  wakeLane(tx: Tx, lane: string): Promise<void>
  fetchFile(tx: Tx, commentId: number): Promise<void>
}

/** What the settings say. `survey`: nobody is asked for a rating twice within `askAgainMs`. */
export type DeskTerms = Omit<Terms, 'survey'> & { survey?: { askAgainMs: number; remindAfterMs: number | null } }

export interface DeskParts {
  database: Database
  clock: Clock
  queue: Queue
  secrets: Secrets
  termsOf(regionKey: string): DeskTerms
  triageChannelOf(groupKey: string): string
  /** The domain of our Message-IDs. */
  mailHost: string
  /** How long an agent's answer can be taken back before it leaves, in ms; 0, or left out, when it cannot. */
  undoMs?: number | undefined
  log?: { info(fields: object, message: string): void }
}

export function createDesk(parts: DeskParts): Desk {
  return {
    async handle(asked, tx) {
      const startedAt = performance.now()
      // Once, at the door: what people send may hold characters that no column takes.
      const command = storableIn(asked)
      const handling = tx
        ? handleIn(parts, tx, command)
        : parts.database.transaction((own) => handleIn(parts, own, command))
      const outcome = await handling.catch((error) => {
        if (error instanceof Refusal)
          parts.log?.info(
            {
              actor: command.actor,
              source: command.source,
              refused: error.code,
              ms: Math.round(performance.now() - startedAt),
            },
            command.type,
          )
        throw error
      })
      parts.log?.info(
        {
          ticket: outcome.ticketId,
          actor: command.actor,
          source: command.source,
          events: outcome.events.map(({ type }) => type),
          isRepeat: outcome.isRepeat,
          ms: Math.round(performance.now() - startedAt),
        },
        command.type,
      )
      return outcome
    },
  }
}

async function handleIn(parts: DeskParts, tx: Tx, command: Command): Promise<Outcome> {
  const now = parts.clock.now()
  if (!(await claimSource(tx, command.source, now))) {
    const ticketId = await ticketOfSource(tx, command.source)
    return { ticketId: ticketId ?? 0, events: [], isRepeat: true }
  }
  const outcome = await change(parts, tx, command, now)
  await settleSource(tx, command.source, outcome.ticketId)
  return outcome
}

async function change(parts: DeskParts, tx: Tx, command: Command, now: Date): Promise<Outcome> {
  const ticket = command.type === 'open' ? null : await loadForUpdate(tx, command.ticketId)
  const region = command.type === 'open' ? command.intake.regionKey : (ticket?.regionKey ?? '')
  const log = looksBack(command) ? await eventsOf(tx, command.ticketId) : []
  const isManager = ticket !== null && (await managesTicket(tx, command.actor, ticket))
  const around =
    ticket && (command.type === 'reply' || command.type === 'revise') ? { around: await aroundReply(tx, ticket) } : {}
  const terms = await withSurvey(tx, parts.termsOf(region), ticket, command, now)
  const decided = decide(ticket, command, { ...terms, ...around }, now, log, { isManager })
  if (decided instanceof BelongsToFollowUp) return followUp(parts, tx, command, decided, now)
  for (const event of decided) {
    const lane = ticket && (await changeOutside(tx, ticket, event, log))
    if (lane) await parts.queue.wakeLane(tx, lane)
  }
  const outcome = await record(parts, tx, ticket, decided, command.source)
  if (ticket && command.type === 'record-no-dm') {
    const untold = log.find(({ id }) => id === command.eventId)
    if (untold) await enqueueOtherwise(parts, tx, ticket, untold, command.contactId)
  }
  return outcome
}

/** The terms with whether the requester may be asked for a rating now; who is about to be asked counts as asked. */
async function withSurvey(
  tx: Tx,
  { survey, ...terms }: DeskTerms,
  ticket: Ticket | null,
  command: Command,
  now: Date,
): Promise<Terms> {
  const isAsking = command.type === 'solve' || command.type === 'remind-to-rate'
  if (!survey || !ticket || ticket.rating || !isAsking) return terms
  const { askAgainMs, remindAfterMs } = survey
  return {
    ...terms,
    survey: { remindAfterMs, mayAsk: await claimAsking(tx, ticket.requesterId, ticket.id, now, askAgainMs) },
  }
}

/** A late reply joins the follow-up that an earlier one opened, whatever that has become, or opens one (X9). */
async function followUp(
  parts: DeskParts,
  tx: Tx,
  command: Command,
  late: BelongsToFollowUp,
  now: Date,
): Promise<Outcome> {
  const { ticket, reply } = late
  // The follow-up's number is always higher, so tickets are locked in one order and nobody waits in a circle.
  if (ticket.followUpId !== null)
    return change(parts, tx, { ...command, ...reply, ticketId: ticket.followUpId } as Command, now)
  const open = openFollowUp(ticket, { ...command, ...reply })
  const opened = await change(parts, tx, open, now)
  const continued = {
    type: 'continued',
    followUpId: opened.ticketId,
    actor: command.actor,
    via: command.via,
    at: now,
  } as const
  const link = await record(parts, tx, ticket, [continued], command.source)
  return { ticketId: opened.ticketId, events: [...opened.events, ...link.events], isRepeat: false }
}

/** Saves the ticket after `events`, appends them, and enqueues what the policies want done about each. */
async function record(
  parts: DeskParts,
  tx: Tx,
  ticket: Ticket | null,
  events: TicketEvent[],
  source: string,
): Promise<Outcome> {
  let current = ticket
  const stored: StoredEvent[] = []
  for (const event of events) {
    current = event.type === 'opened' ? await open(parts, tx, event) : apply(current!, event)
    const appended = await appendEvent(tx, current.id, event, source)
    stored.push(appended)
    if (hasFilesToFetch(event)) await parts.queue.fetchFile(tx, appended.commentId!)
  }
  if (!current) throw new Error('a command without a ticket led to no events')
  if (stored.length > 0) await saveTicket(tx, current)
  if (stored.some(({ type }) => type === 'described')) await saveDescription(tx, current)
  await enqueue(parts, tx, current, stored)
  return { ticketId: current.id, events: stored, isRepeat: false }
}

async function open(parts: DeskParts, tx: Tx, event: TicketEvent & { type: 'opened' }): Promise<Ticket> {
  const ticket: Omit<Ticket, 'id'> = {
    ...event.intake,
    status: 'open',
    requesterId: event.requesterId,
    ccIds: event.ccIds,
    assigneeId: null,
    locale: event.locale,
    via: event.via,
    openedAt: event.at,
    lastRequesterCommentAt: event.at,
    lastActivityAt: event.at,
    followUpOf: event.followUpOf,
    followUpId: null,
    rating: null,
    consent: consentOf(event),
    remindAt: null,
  }
  const id = await insertTicket(tx, ticket)
  const { replyToken, surveyToken, describeToken } = parts.secrets
  await saveSecretHashes(tx, id, {
    reply: hashOf(replyToken(id)),
    survey: hashOf(surveyToken(id)),
    describe: hashOf(describeToken(id)),
  })
  return { ...ticket, id } as Ticket
}

function hasFilesToFetch(event: TicketEvent): boolean {
  const comment = 'comment' in event && typeof event.comment === 'object' ? event.comment : null
  return comment?.attachments.some((file) => file.slackFile && !file.sha256 && !file.refused) ?? false
}
