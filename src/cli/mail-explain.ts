import type { MailStory } from '../store/mail-story.ts'
import type { Words } from '../templates.ts'

/** A mail and why it ended as it did, in words for an operator. `words` gives the sentence of each reason code. */
export function explainMail(story: MailStory, words: Words): string {
  const { mail } = story
  const saw = (mail.saw ?? {}) as Record<string, unknown>
  const lines = [
    `Mail ${mail.id}: ${mail.outcome ?? 'waits to be understood'}`,
    '',
    fact('From', saw.from ?? mail.sender ?? '(nobody that could be read)'),
    fact('Proof', proofOf(story)),
    fact('To', list(saw.to)),
    fact('Cc', list(saw.cc)),
    fact('Subject', mail.subject),
    fact('Sent', saw.date),
    fact('Received', `${time(mail.receivedAt)}, fetched ${time(mail.fetchedAt)} as UID ${mail.uid} of ${mail.mailbox}`),
    fact('Message-ID', mail.messageId),
    '',
    ...why(story, words),
    ...decided(story),
    '',
    ...sawOf(saw),
    '',
    ...ledTo(story),
  ]
  return `${lines
    .filter((line) => line !== null)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}

function why({ mail }: MailStory, words: Words): (string | null)[] {
  if (mail.outcome === null)
    return [
      `It waits: tried ${mail.attempts} times${mail.replays > 0 ? ', to be looked at again' : ''}, next try ${time(mail.retryAt)}.`,
      mail.problem && `The last try ended with: ${oneLine(mail.problem)}`,
    ]
  return [
    `Why: ${words(`mail-reasons.${mail.reason}`)}`,
    fact('Rule', `${mail.rule === 'none' ? 'none had anything against it' : mail.rule} (${mail.reason})`),
    mail.doneAt && fact('Decided', time(mail.doneAt)),
    mail.firstOutcome && mail.firstOutcome !== mail.outcome
      ? fact('At first', `${mail.firstOutcome} (${mail.firstReason}): ${words(`mail-reasons.${mail.firstReason}`)}`)
      : null,
    mail.problem && fact('Problem', oneLine(mail.problem)),
  ]
}

function decided({ mail }: MailStory): (string | null)[] {
  return [
    mail.decision &&
      fact('Since', `${mail.decision} by ${mail.decidedBy}${mail.decidedAt ? `, ${time(mail.decidedAt)}` : ''}`),
    mail.replays > 0 ? fact('Replayed', `${mail.replays} times`) : null,
  ]
}

function proofOf({ mail }: MailStory): string | null {
  return mail.senderProof && `${mail.senderProof} (${mail.senderReason})`
}

/** The facts that the rules looked at, each on a line; those that were not there are left out. */
function sawOf(saw: Record<string, unknown>): (string | null)[] {
  const facts = (saw.facts ?? {}) as Record<string, unknown>
  const named = [facts.tokenTicket, ...((facts.messageIdTickets ?? []) as unknown[])].filter(Boolean) as {
    ticketId: number
    participants: string[]
    messageId?: string
  }[]
  const found = [
    ...named.map(({ ticketId, participants, messageId }) =>
      fact(
        messageId ? 'answers' : 'sent to',
        `${messageId ? `<${messageId}>` : 'the reply address'} of ticket ${ticketId}, with ${participants.join(', ') || 'nobody'}`,
      ),
    ),
    fact('repeats', facts.knownDuplicateOf && `mail ${facts.knownDuplicateOf}`),
    fact('From is', saw.fromProblem),
    fact('Return-Path', saw.returnPath === '' ? '<> (the null return path)' : saw.returnPath),
    fact('Auto-Submitted', saw.autoSubmitted),
    fact('Precedence', saw.precedence),
    fact('List-ID', saw.listId),
    fact('Report-Type', saw.reportType),
    fact('In-Reply-To', saw.inReplyTo),
    fact('References', list(saw.references)),
    fact('repaired', list(saw.problems)),
  ].filter((line) => line !== null)
  return found.length > 0 ? ['What the rules saw:', ...found.map((line) => `  ${line}`)] : []
}

function ledTo({ mail, ticket, events, answers }: MailStory): (string | null)[] {
  const isOn = mail.outcome === 'ticket' || mail.outcome === 'reply' || mail.outcome === 'follow-up'
  const wanted = mail.wantedTicketId !== null && mail.wantedTicketId !== ticket?.id ? mail.wantedTicketId : null
  const place =
    ticket && `ticket ${ticket.id} “${oneLine(ticket.subject)}” of ${oneLine(ticket.requester)}, ${ticket.status} now`
  return [
    place
      ? `${isOn ? 'It is on' : mail.outcome === 'held' ? 'It waits beside' : 'It is about'} ${place}.`
      : 'It is on no ticket.',
    wanted === null ? null : `It was held beside ticket ${wanted}.`,
    events.length > 0 ? 'What happened because of it:' : null,
    ...events.map(({ ticketId, type, by, at }) => `  ${time(at)}  ticket ${ticketId}  ${type} by ${oneLine(by)}`),
    answers.length > 0 ? 'What we sent because of it:' : 'Nobody was sent a mail because of it.',
    ...answers.map(
      ({ template, to, state, problem, isAutomatic }) =>
        `  ${template} to ${oneLine(to)}: ${states[state] ?? state}${isAutomatic ? ', by the machine' : ''}${problem ? ` (${oneLine(problem)})` : ''}`,
    ),
  ]
}

const states: Record<string, string> = {
  waiting: 'waits to be sent',
  trying: 'is being sent',
  done: 'sent',
  never: 'not sent, and will not be',
  unknown: 'nobody knows whether it was sent',
}

function fact(label: string, value: unknown): string | null {
  return value === null || value === undefined || value === '' || value === 0
    ? null
    : `${`${label}:`.padEnd(16)}${oneLine(String(value))}`
}

function list(values: unknown): string | null {
  return Array.isArray(values) && values.length > 0 ? values.join(', ') : null
}

/** In UTC, to the second, as logs have it. */
export function time(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** What people wrote, on one line and without what moves a terminal's cursor or turns its text around. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim()
}
