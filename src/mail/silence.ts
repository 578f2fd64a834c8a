import type { StoredEvent } from '../ticket/events.ts'
import type { TicketInFull } from '../ticket/in-full.ts'
import type { MailTemplate } from '../ticket/policies/effect.ts'

/** Why a mail that no person wrote is not sent after all. */
export type Silence = 'failed-sender' | 'machine' | 'stranger-told' | 'strangers-of-domain' | 'loop'

// Threats E16: two desks, or a desk and a careless autoresponder, that thank each other.
const MOST_AN_HOUR = 3
// What one answers by mail is mailed to the others on the ticket: two careless machines among them never stop.
const MOST_RELAYED_AN_HOUR = 20
// Threats E17: whoever writes under many names that nobody can prove makes us write to people who never asked.
const MOST_A_DAY_TO_STRANGER = 1
// A company whose mail proves nothing may have a bad morning; nobody needs more than this to be heard.
const MOST_STRANGERS_OF_DOMAIN = 100

/** Whether a mail is a machine's answer to a mail: the only kind that two machines can go on sending each other. */
export function answersMail(template: MailTemplate, event: StoredEvent): boolean {
  return isReceipt(template) && event.via === 'mail'
}

/** Whether a mail says of somebody's own words what became of them: it repeats none of them. */
export function isReceipt(template: MailTemplate): boolean {
  return template === 'opened' || template === 'follow-up' || template === 'not-delivered'
}

/** Nobody did anything: only time passed. */
const byTime = new Set<MailTemplate>(['closed', 'rating'])

/**
 * Whether a mail is one of those that an address gets only so many of. What time alone tells:
 * somebody whom nobody can prove may never have asked, so for them it counts too.
 */
export function isCounted(template: MailTemplate, event: StoredEvent, isStranger: boolean): boolean {
  return answersMail(template, event) || (byTime.has(template) && isStranger)
}

/**
 * Whether an automatic mail must not be sent, given how many answers to mail its reader had. Silent is only what nobody
 * asked for by hand: what follows from a form sent in Slack, or from an agent's click (solved, we wait), is always sent
 * and never counted, unless the ticket came from somebody else than it says.
 */
export function silenceFor(
  { template, event, full }: { template: MailTemplate; event: StoredEvent; full: TicketInFull },
  isStranger: boolean,
  had: { inHour: number; inDay: number; strangersOfDomain: number },
): Silence | null {
  if (openedByFailedSender(full)) return 'failed-sender'
  if (byTime.has(template) && openedByMachine(full)) return 'machine'
  if (!isCounted(template, event, isStranger)) return null
  if (answersMail(template, event) && had.inHour >= MOST_AN_HOUR) return 'loop'
  if (!isStranger) return null
  if (had.inDay >= MOST_A_DAY_TO_STRANGER) return 'stranger-told'
  return had.strangersOfDomain >= MOST_STRANGERS_OF_DOMAIN ? 'strangers-of-domain' : null
}

/** Whether all that people said by mail on this ticket was proven to be theirs, or they are known from Slack. */
export function sendersAreProven({ comments, requester, ccs }: TicketInFull): boolean {
  const inSlack = [requester, ...ccs].filter(({ slack }) => slack !== null).map(({ id }) => id)
  return comments.every(
    ({ author, via, proof }) =>
      author.kind !== 'contact' || via !== 'mail' || proof === 'verified' || inSlack.includes(author.id ?? 0),
  )
}

/** Whether so much was passed on to one person on one ticket, of what others wrote by mail, that no people write it. */
export function isRelayLoop(event: StoredEvent, relayedInHour: number): boolean {
  return event.type === 'replied' && event.via === 'mail' && relayedInHour >= MOST_RELAYED_AN_HOUR
}

/** RFC 3834 §2: what asked for no answer gets none, unless a person gives it. */
function openedByMachine({ events }: TicketInFull): boolean {
  return events.some((event) => event.type === 'opened' && !event.mayAnswer)
}

function openedByFailedSender({ comments, events }: TicketInFull): boolean {
  const opening = events.find(({ type }) => type === 'opened')?.commentId
  return comments.some(({ id, proof }) => id === opening && proof === 'failed')
}
