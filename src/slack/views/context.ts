import type { KnownBlock } from '@slack/types'
import type { Words } from '../../templates.ts'
import type { FieldRoles } from '../../ticket/form.ts'
import { digitsToken, momentToken, mrkdwn, oneLine, plain, secondToken } from '../text.ts'

/** What every view is given besides its data: the reader's words, and a moment as that reader would write it. */
export interface ViewContext {
  words: Words
  /** To the minute, with the zone's name: shown where a Slack client cannot put it into the reader's own zone. */
  moment(at: Date): string
  /** The reader's language, where it is known: `es` of es-MX. */
  language?: string
  /** They chose another language than their Slack is in. */
  isOtherThanSlacks?: true
  /** Nobody knows yet who reads: what can do without words is said without. */
  isUnmet?: true
}

/** What views for staff need besides: the form's answers, as `describeAnswers` gives them, and the form's roles. */
export interface StaffContext extends ViewContext {
  now: Date
  /** Empty for a ticket that came by mail. */
  answers: { key: string; label: string; value: string }[]
  /** Null for a ticket that came by mail. */
  roles: Pick<FieldRoles, 'branch' | 'impact' | 'users' | 'problemType' | 'experience' | 'consent'> | null
  /** Opens another ticket's card, for the links between a ticket and its follow-up; null where there is none. */
  cardLink?(ticketId: number): string | null
}

/** A message: `text` says everything needed to who hears it or reads only the notification. */
export interface MessageView {
  text: string
  blocks: KnownBlock[]
}

/** mrkdwn that is already as it should be: made by us, not to be escaped again. */
export interface Markup {
  markup: string
}

type Params = Record<string, string | number | Markup>

/** Words as mrkdwn: what people said is put on one line, cut and escaped; only a `Markup` is taken as it is. */
export function say(words: Words, key: string, params: Params = {}): string {
  return words(
    key,
    fill(params, (s) => mrkdwn(oneLine(s), LONGEST_PARAM)),
  )
}

/** Words for a plain_text element, which Slack does not parse. */
export function sayPlain(words: Words, key: string, params: Record<string, string | number> = {}): string {
  return words(
    key,
    fill(params, (s) => plain(oneLine(s), LONGEST_PARAM)),
  )
}

/** A moment in the reader's zone, to be given to `say`. */
export function moment(ctx: ViewContext, at: Date): Markup {
  return { markup: (ctx.isOtherThanSlacks ? digitsToken : momentToken)(at, ctx.moment(at)) }
}

/** The time of day to the second, in the reader's zone: for what is only moments away. */
export function second(ctx: ViewContext, at: Date): Markup {
  return { markup: secondToken(at, ctx.moment(at)) }
}

/** The subject on one line, or the words for a missing one. */
export function subjectOf(subject: string, words: Words): string {
  return oneLine(subject) || words('slack.subject.none')
}

// Longer than any name or address people have; a title has its own place.
const LONGEST_PARAM = 250

function fill(params: Params, write: (s: string) => string): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value === 'object') return [name, value.markup]
      return [name, typeof value === 'string' ? write(value) : value]
    }),
  )
}
