import type { Rule } from './verdict.ts'

// The method stands in the first lines (RFC 5546 §1.4); the rest of a calendar may be long.
const HEAD = 4_000

/** Accepted, declined, tentative: an answer to an invitation, made by a button. An invitation itself is a person's mail. */
export const calendarAnswer: Rule = (mail) => {
  const isAnswer = mail.attachments.some(
    (one) =>
      /^(?:text\/calendar|application\/ics)$/.test(one.contentType) &&
      /^METHOD:(?:REPLY|COUNTER|DECLINECOUNTER|REFRESH)\s*$/im.test(one.content.toString('latin1', 0, HEAD)),
  )
  return isAnswer ? { kind: 'auto-reply', reason: 'calendar-answer' } : null
}
