import type { Templates } from '../templates.ts'
import type { StoredEvent } from '../ticket/events.ts'
import type { Person, TicketInFull } from '../ticket/in-full.ts'
import { notTaken } from '../ticket/not-taken.ts'
import type { MailTemplate } from '../ticket/policies/effect.ts'
import type { Question } from '../ticket/questions.ts'
import { joinedBy } from '../ticket/readers.ts'
import { notWithdrawn } from '../ticket/withdraw.ts'
import { automaticHeaders } from './composing/automatic-headers.ts'
import { earlier, show } from './composing/conversation.ts'
import { greetable } from './composing/greeting.ts'
import { oneLine } from './composing/one-line.ts'
import { subjectOf } from './composing/subject.ts'
import type { Address } from './mail.ts'
import type { OutgoingFile, OutgoingMail } from './outgoing.ts'
import { answersMail, isReceipt } from './silence.ts'

/** Everything one mail about a ticket is made of. Ids are canonical, without `<>`. */
export interface MailToCompose {
  template: MailTemplate
  full: TicketInFull
  event: StoredEvent
  recipient: Person
  templates: Templates
  companyName: string
  supportName: string
  supportAddress: string
  /** The address that names this ticket: `support+token@…`. */
  replyAddress: string
  messageId: string
  /** The mail that opened the ticket and our mails to this person, oldest first. */
  thread: { messageIds: string[] }
  /** Where the survey opens, with the score chosen in the mail, if one was. Nothing is counted by opening it (W1). */
  links: { survey?: (score?: number) => string; ratings?: string }
  /** Files of the comment that go with the mail, by their id; the others are behind links. */
  attached?: Map<number, OutgoingFile>
  /** Of the acknowledgement: what the request does not say yet, and the page that asks for it. */
  missing?: { questions: Question[]; url: string }
  /** Of the acknowledgement: the page that joins another address of theirs; left out where they need none. */
  joinUrl?: string
  /** Of a follow-up: the request it continues, and until when a reply reopened that. */
  earlier?: { number: number; until: Date | null }
  /** The largest file of a mail that is kept. */
  maxFileBytes: number
  isAutomatic: boolean
  /**
   * Whether the requester's mail was verified, or they are known from before. Until then nothing they chose (subject,
   * name, words) goes into a mail that nobody wrote (E17). Left out: false for a ticket opened by mail, else true.
   */
  senderIsProven?: boolean
  /** The zone of readers whose own is unknown: the region's. UTC when left out. */
  timeZone?: string
}

/** A mail ready for `send` of transport.ts. */
export type ComposedMail = OutgoingMail & { replyTo: Address }

/**
 * The mail that tells `recipient` about the event, in their language and zone. Throws when it must not be written:
 * nobody to send to, an internal note, an event that does not fit the template.
 */
export function composeMail(mail: MailToCompose): ComposedMail {
  const { template, full, event, recipient, templates, messageId } = mail
  if (!recipient.address)
    throw new Error(`contact ${recipient.id} has no mail address: link one, or tell them in Slack`)
  const senderIsProven = mail.senderIsProven ?? full.ticket.via !== 'mail'
  const isForStranger = isReceipt(template) && !senderIsProven
  const locale = recipient.locale ?? full.ticket.locale
  const timeZone = recipient.timeZone ?? full.requester.timeZone ?? mail.timeZone ?? null
  const words = templates.words(locale, { timeZone })
  const known = thread(mail.thread.messageIds)
  const attached = mail.attached ?? new Map<number, OutgoingFile>()

  const noWords = words('mail.no-words')
  const { history, isCut } = isReceipt(template)
    ? { history: [], isCut: false }
    : earlier(full, event, {
        agentsOnly: mail.isAutomatic && !senderIsProven,
        noWords,
        since: joinedBy(full, recipient),
      })
  const params = {
    number: full.ticket.id,
    company: mail.companyName,
    name: isForStranger ? '' : greetable(recipient.name),
    isCopied: recipient.id !== full.ticket.requesterId,
    history,
    historyCut: isCut,
    earlier: mail.earlier ?? null,
    joinUrl: template === 'opened' ? (mail.joinUrl ?? null) : null,
    isByAgent: event.actor.kind === 'agent',
    isByReader: event.actor.kind === 'contact' && event.actor.id === recipient.id,
    comment: template === 'reply' ? show(commentOf(full, event), noWords, new Set(attached.keys())) : null,
    missing: asking(mail),
    ratings: mail.links.ratings ?? null,
    notTaken: isReceipt(template) && event.via === 'mail' ? lack(mail) : null,
    nextStep: nextStep(full, event),
    until: reopenUntil(full, event),
    survey: asksToRate(mail) && mail.links.survey ? survey(mail.links.survey, words, event) : null,
  }
  if (template === 'solved' && !params.until) throw new Error(`event ${event.id} (${event.type}) names no deadline`)
  if (template === 'follow-up' && !params.earlier?.until) throw new Error(`ticket ${full.ticket.id} follows up nothing`)
  if (template === 'not-delivered' && !params.notTaken) throw new Error(`event ${event.id} lacks nothing`)
  const { text, html } = templates.render(template, locale, params, { timeZone })
  const noSubject = words('mail.your-request')
  // Only a person's own words go out under their name; what the desk says, the desk signs.
  const author = template === 'reply' ? commentOf(full, event).author : null
  return {
    from: { name: senderName(mail, author, words), address: mail.supportAddress },
    replyTo: { name: oneLine(mail.supportName, 80), address: mail.replyAddress },
    to: [{ name: isForStranger ? '' : oneLine(recipient.name, 80), address: recipient.address }],
    cc: [],
    subject: subjectOf(full.ticket, { isFirst: known.length === 0, isForStranger, noSubject }),
    text,
    html,
    messageId,
    inReplyTo: known.at(-1) ?? null,
    references: known,
    headers: headers(mail),
    attachments: [...attached.values()],
  }
}

// A thread of this many mails is long; RFC 5322 §3.6.4 lets us keep what readers need: the root and the latest.
const MAX_REFERENCES = 21

/** The ids to refer to, each once, the root first. Ids that would break the header are left out. */
function thread(messageIds: string[]): string[] {
  const usable = [...new Set(messageIds)].filter((id) => /^[\x21-\x3b=\x3f-\x7e]{1,500}$/.test(id))
  return usable.length > MAX_REFERENCES ? [...usable.slice(0, 1), ...usable.slice(1 - MAX_REFERENCES)] : usable
}

/** RFC 3834 §5: an answer to a mail is `auto-replied`, other mail nobody wrote is `auto-generated`; people's has none. */
function headers({ template, event, isAutomatic, supportAddress }: MailToCompose): Record<string, string> {
  if (!isAutomatic) return { 'X-Loop': supportAddress }
  return automaticHeaders(supportAddress, answersMail(template, event) ? 'auto-replied' : 'auto-generated')
}

function senderName({ supportName }: MailToCompose, author: { kind: string; name: string } | null, words: Words) {
  const support = oneLine(supportName, 80)
  const name = greetable(author?.name ?? '')
  if (!author || !name || author.kind === 'system') return support
  return words(author.kind === 'agent' ? 'mail.from-agent' : 'mail.from-person', { author: name, support })
}

type Words = ReturnType<Templates['words']>

function commentOf({ comments, ticket }: TicketInFull, event: StoredEvent) {
  const comment = comments.find(({ id }) => id === event.commentId)
  if (!comment) throw new Error(`event ${event.id} of ticket ${ticket.id} wrote no comment that could be mailed`)
  return comment
}

/** What the reader of a reply does next, as things stood when it was written, however late the mail is composed. */
function nextStep({ events }: TicketInFull, event: StoredEvent): 'reply' | 'waiting' | 'solved' {
  const waits = events.some(
    (later) =>
      later.type === 'pended' && later.withAnswer && later.id > event.id && later.at.getTime() === event.at.getTime(),
  )
  if (waits) return 'waiting'
  return lastSolved(events, event) ? 'solved' : 'reply'
}

function reopenUntil({ events }: TicketInFull, event: StoredEvent): Date | null {
  return event.type === 'solved' ? event.reopenUntil : (lastSolved(events, event)?.reopenUntil ?? null)
}

function lastSolved(events: StoredEvent[], event: StoredEvent) {
  const last = notWithdrawn(events).findLast(
    ({ id, type }) => id < event.id && ['solved', 'reopened', 'closed', 'pended'].includes(type),
  )
  return last?.type === 'solved' ? last : undefined
}

/** What the reader may answer in plain words: each option with the words that name it, as read-answers.ts takes them. */
function asking({ missing }: MailToCompose) {
  if (!missing || missing.questions.length === 0) return null
  const questions = missing.questions.map(({ label, word, options, onlyFor }) => ({
    label,
    onlyFor,
    options: options.map((option, n) => ({ code: `${word} ${n + 1}`, label: option.label })),
  }))
  const examples = missing.questions.slice(-3).map(({ word, options }) => `${word} ${Math.min(2, options.length)}`)
  return { questions, url: missing.url, example: examples.slice(0, 2).join(', ') }
}

/** What of the mail that is answered did not get through, in numbers: its words and names are not repeated. */
function lack({ full, event, maxFileBytes }: MailToCompose) {
  const { text, files } = commentOf(full, event)
  const found = notTaken({ text, attachments: files })
  return found && { ...found, limit: Math.floor(maxFileBytes / 1_000_000) }
}

/** The requester rates, and is not asked again for what they have said. */
function asksToRate({ template, full, recipient }: MailToCompose): boolean {
  if (recipient.id !== full.ticket.requesterId) return false
  return (template !== 'closed' && template !== 'rating') || full.ticket.rating === null
}

/** Whom another request asked a short time ago is only told where to rate this one. */
function survey(link: (score?: number) => string, words: Words, event: StoredEvent) {
  const choices = [5, 4, 3, 2, 1].map((score) => ({ score, label: words(`survey.score-${score}`), url: link(score) }))
  return { url: link(), choices, isQuiet: event.type === 'solved' && event.asks === false }
}
