import { randomBytes } from 'node:crypto'
import type { App, BlockAction } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { ArticleDesk } from '../articles/article-desk.ts'
import type { Clock } from '../clock.ts'
import type { Desk, Queue } from '../desk.ts'
import type { ReadForm } from '../form-file.ts'
import type { Database } from '../store/database.ts'
import type { MailDecision } from '../store/mail-notices.ts'
import type { SlackUser } from '../store/people.ts'
import type { Labels, WholeForm } from '../ticket/form.ts'
import type { Person } from '../ticket/in-full.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Home } from './home.ts'
import type { Own, Profiles } from './profile.ts'
import type { Renderer } from './render.ts'
import type { Staff } from './staff.ts'
import type { AccountChoice } from './views/form-modal.ts'
import { refusalText } from './views/refusal.ts'
import type { WholeMail } from './views/whole-mail.ts'
import type { Who } from './who.ts'

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What every listener is given. */
export interface Listening {
  app: App
  client: WebClient
  database: Database
  desk: Desk
  /** Wakes whoever does what a listener wants posted. */
  queue: Pick<Queue, 'wakeLane'>
  clock: Clock
  render: Renderer
  home: Home
  staff: Staff
  who: Who
  own: Own
  profiles: Profiles
  intake: ReadForm
  /** Today's questionnaire in every language; a ticket is shown with the one it was asked with. */
  form: WholeForm
  /** The form's words in the language of who fills it in. */
  labelsFor(person: Pick<Person, 'locale'>): Labels
  /** The stores a person may ask help for. */
  accountsOf(person: Person): AccountChoice[]
  /** Where a ticket of this branch and account belongs. */
  routeOf(branch: string | null, accountKey: string | null): { groupKey: string; regionKey: string }
  /** The channel of a group; the desk's own for null. */
  triageChannelOf(groupKey: string | null): string
  isTriageChannel(channel: string): boolean
  /** Something where nothing about clients may be said in a triage channel now, because others read it; null where it may. */
  heldBack(channel: string): Promise<unknown>
  /** Whether mail to this address comes back to us. */
  isOwnAddress(address: string): boolean
  /** Does what an agent decided about mail that waits for one. */
  heldMail: { decide(mailId: number, decision: MailDecision, agentId: number): Promise<void> }
  /** Help before a ticket: articles that may settle it. */
  articles: ArticleDesk
  /** The mail that wrote this event's comment, with all it says; a Refusal when there is none. */
  wholeMail(ticketId: number, eventId: number): Promise<WholeMail>
  /** Lets somebody who is known under two addresses say so. */
  linking: {
    ask(contactId: number, address: string): Promise<{ codeId: string; until: Date }>
    confirm(contactId: number, codeId: string, code: string): Promise<{ address: string; tickets: number }>
  }
  /** Lets somebody show that they belong to a store. */
  storeAccess: {
    ask(contactId: number, address: string): Promise<{ codeId: string; until: Date }>
    confirm(contactId: number, codeId: string, code: string): Promise<{ address: string }>
  }
  /** Lets somebody say which language they want to be spoken to in. */
  languages: { choose(contactId: number, language: string | null, source: string): Promise<void> }
  command: string
  /** Where our own pages are: links to requests begin with it. */
  publicUrl: string
  maxFileBytes: number
  log: Log
}

/** Who sent a payload. In installations for a whole organisation `team` is null: the user's own team then counts. */
export function userOf(body: { user: { id: string; team_id?: string }; team?: { id: string } | null }): SlackUser {
  return { userId: body.user.id, teamId: body.user.team_id ?? body.team?.id ?? '' }
}

/**
 * What to tell the person whose click or words failed: a Refusal's own words, or, for a fault of ours, a reference
 * that the log has too.
 */
export function explain(
  listening: Listening,
  error: unknown,
  locale: Pick<Person, 'locale' | 'timeZone'> | null,
): string {
  const { words, moment } = listening.render.requesterContext(locale)
  if (error instanceof Refusal) {
    const { until } = error.params
    const params = typeof until === 'number' ? { ...error.params, until: moment(new Date(until)) } : error.params
    return refusalText(error.code, params, words)
  }
  const reference = randomBytes(4).toString('hex')
  listening.log.error({ err: error, reference }, 'slack listener')
  return words('chat.problem', { reference })
}

/** Tells one person, where they are, what only concerns them. What cannot be told is logged and left. */
export async function tell(
  listening: Listening,
  where: { channel: string; userId: string; threadTs?: string },
  text: string,
) {
  const { channel, userId: user, threadTs } = where
  await listening.client.chat
    .postEphemeral({ channel, user, text, ...(threadTs ? { thread_ts: threadTs } : {}) })
    .catch((error) => listening.log.warn({ err: error, channel }, 'an ephemeral could not be shown'))
}

/** Tells whoever pressed a button of a message what came of it, beside that message. */
export async function tellPresser(listening: Listening, body: BlockAction, text: string): Promise<void> {
  const threadTs = body.message?.thread_ts as string | undefined
  // A message with replies names itself as its thread; whoever presses it looks at the channel.
  const isReply = threadTs !== undefined && threadTs !== body.message?.ts
  if (body.channel)
    await tell(listening, { channel: body.channel.id, userId: body.user.id, ...(isReply ? { threadTs } : {}) }, text)
}
