import { fileURLToPath } from 'node:url'
import type { StaffContext, ViewContext } from '../../src/slack/views/context.ts'
import type { MailNotice } from '../../src/slack/views/mail-notice.ts'
import { loadTemplates } from '../../src/templates.ts'
import type { StoredEvent } from '../../src/ticket/events.ts'
import type { Comment, Person, TicketInFull } from '../../src/ticket/in-full.ts'
import type { Standing, Ticket } from '../../src/ticket/ticket.ts'

export const templates = await loadTemplates(fileURLToPath(new URL('../../templates', import.meta.url)))

export const solvedAt = new Date('2026-11-23T16:00:00Z')
export const reopenUntil = new Date('2026-11-24T19:00:00Z')
export const closedAt = new Date('2026-11-24T19:05:00Z')

export const standings = {
  open: { status: 'open' },
  pending: { status: 'pending' },
  solved: { status: 'solved', solvedAt, reopenUntil },
  closed: { status: 'closed', solvedAt, closedAt },
} satisfies Record<string, Standing>

export const ada: Person = {
  id: 1,
  name: 'Ada Lovelace',
  address: 'ada@acme.example',
  slack: { teamId: 'T1', userId: 'U1ADA' },
  locale: 'en',
  timeZone: 'Europe/Berlin',
}
export const charles: Person = { ...ada, id: 2, name: 'Charles', address: 'charles@acme.example', slack: null }
export const kofi = { id: 7, name: 'Kofi', slack: { teamId: 'T1', userId: 'U7KOFI' } }

/** Ada's printer ticket, with what a test changes. `said` is put in as what she, Kofi and everybody else wrote. */
export function printerTicket(
  changes: { standing?: Standing; ticket?: Partial<Ticket>; full?: Partial<TicketInFull>; said?: string } = {},
): TicketInFull {
  const { standing = standings.open, said } = changes
  const ticket = {
    id: 1042,
    subject: said ?? 'The printer eats invoices',
    branch: 'technical',
    accountKey: 'acmeberlin',
    groupKey: 'emea',
    regionKey: 'emea',
    form: { name: 'intake', version: '1' },
    answers: {},
    impact: 'critical',
    users: 'all',
    priority: 'urgent',
    ...standing,
    requesterId: ada.id,
    ccIds: [charles.id],
    assigneeId: kofi.id,
    locale: 'en',
    via: 'slack',
    openedAt: new Date('2026-11-23T08:00:00Z'),
    lastRequesterCommentAt: new Date('2026-11-23T08:00:00Z'),
    lastActivityAt: new Date('2026-11-23T09:00:00Z'),
    followUpOf: null,
    followUpId: null,
    rating: null,
    ...changes.ticket,
  } as Ticket
  return {
    ticket,
    requester: said === undefined ? ada : { ...ada, name: said, address: said },
    ccs: [said === undefined ? charles : { ...charles, name: said, address: said }],
    assignee: ticket.assigneeId === null ? null : said === undefined ? kofi : { ...kofi, name: said },
    staff: [said === undefined ? kofi : { ...kofi, name: said }],
    accountName: said ?? 'Acme Berlin',
    groupName: said ?? 'EMEA support',
    comments: comments(said),
    events: [],
    ...changes.full,
  }
}

function comments(said?: string): Comment[] {
  const first: Comment = {
    id: 1,
    author: { kind: 'contact', id: ada.id, name: said ?? ada.name },
    isPublic: true,
    via: 'slack',
    text: said ?? 'It ate the invoice of November.\nPlease help.',
    fullText: null,
    at: new Date('2026-11-23T08:00:00Z'),
    files: [
      file(1, said ?? 'invoice.pdf', {}),
      file(2, said ?? 'film.mov', { url: null, refused: 'too-large', size: 40_000_000 }),
      file(3, said ?? 'late.png', { url: null }),
    ],
  }
  return [
    first,
    { ...first, id: 2, author: { kind: 'agent', id: kofi.id, name: said ?? kofi.name }, files: [] },
    { ...first, id: 3, author: { kind: 'contact', id: charles.id, name: said ?? charles.name }, via: 'mail' },
    { ...first, id: 4, author: { kind: 'agent', id: kofi.id, name: said ?? kofi.name }, isPublic: false },
  ]
}

function file(id: number, name: string, more: Partial<Comment['files'][number]>): Comment['files'][number] {
  return {
    id,
    name,
    contentType: 'application/octet-stream',
    size: 12_345,
    sha256: null,
    slackFile: null,
    refused: null,
    url: `https://desk.example/files/${id}`,
    ...more,
  }
}

/** One event of each kind, by the person who may cause it. */
export function everyEvent(said = 'a word'): StoredEvent[] {
  const at = solvedAt
  const base = { id: 10, ticketId: 1042, commentId: null, via: 'slack', at } as const
  const byAda = { ...base, actor: { kind: 'contact', id: ada.id } } as const
  const byCharles = { ...base, actor: { kind: 'contact', id: charles.id } } as const
  const byKofi = { ...base, actor: { kind: 'agent', id: kofi.id } } as const
  const byTime = { ...base, actor: { kind: 'system' } } as const
  const comment = { text: said, fullText: null, attachments: [] }
  const replied = { type: 'replied' as const, comment, receivedAt: at, reopens: false, alreadyTold: [] }
  const { ticket } = printerTicket()
  return [
    {
      ...byAda,
      type: 'opened',
      intake: ticket,
      requesterId: 1,
      ccIds: [],
      locale: 'en',
      followUpOf: null,
      comment,
      mayAnswer: true,
      commentId: 1,
    },
    { ...byAda, ...replied, commentId: 1 },
    { ...byAda, ...replied, via: 'mail', reopens: true, commentId: 1 },
    { ...byCharles, ...replied, via: 'mail', commentId: 3 },
    { ...byCharles, ...replied, commentId: 3 },
    { ...byCharles, type: 'joined', acceptedBy: kofi.id },
    { ...byKofi, type: 'answered', comment, commentId: 2 },
    { ...byKofi, type: 'noted', comment, commentId: 4 },
    { ...byKofi, type: 'assigned', agentId: kofi.id },
    { ...byKofi, type: 'pended', withAnswer: false },
    { ...byAda, type: 'solved', reopenUntil },
    { ...byKofi, type: 'solved', reopenUntil },
    { ...byAda, type: 'reopened', byReply: false },
    { ...byAda, type: 'reopened', byReply: true },
    { ...byKofi, type: 'reopened', byReply: false },
    { ...byCharles, type: 'reopened', byReply: true },
    { ...byTime, type: 'closed' },
    { ...byAda, type: 'rated', score: 4, comment: said, changed: false },
    { ...byAda, type: 'rated', score: 2, comment: null, changed: true },
    { ...byTime, type: 'continued', followUpId: 1050 },
    { ...byTime, type: 'undelivered', recipient: said, reason: said },
    { ...byTime, type: 'undelivered', recipient: said, reason: said, suppression: 'begins' },
    { ...byTime, type: 'undelivered', recipient: said, reason: said, suppression: 'goes-on' },
    { ...byTime, type: 'stuck', outboxId: 5, recipient: said, reason: said, why: 'waiting' },
    { ...byTime, type: 'stuck', outboxId: 5, recipient: said, reason: said, why: 'unknown' },
    { ...byTime, type: 'unreachable', contactId: ada.id, reason: said, way: 'mail' },
    {
      ...byTime,
      type: 'unreachable',
      contactId: ada.id,
      reason: 'messages_tab_disabled',
      way: 'channel',
      channel: 'C1',
    },
    { ...byTime, type: 'unreachable', contactId: ada.id, reason: 'user_disabled', way: 'none' },
    { ...byKofi, type: 'unstuck', outboxId: 5, how: 'again', eventIds: [7] },
    { ...byKofi, type: 'lifted', address: said, eventIds: [7] },
    { ...byKofi, type: 'withdrawn', eventId: 7, standing: null },
    { ...byAda, type: 'described', answers: { impact: said }, fields: ticket, priorityBefore: 'normal', via: 'mail' },
  ]
}

/** A mail on notice of every kind, waiting and decided in every way. `said` is what its sender wrote everywhere. */
export function everyNotice(said: string): MailNotice[] {
  const mail = { id: 9, reason: 'No sender.', subject: said, excerpt: said, receivedAt: solvedAt }
  const decisions = (['accepted', 'opened', 'discarded', 'replayed'] as const).map((what) => ({
    what,
    by: what === 'replayed' ? null : said,
    ticketId: 1050,
  }))
  return (['held', 'spam', 'unreadable'] as const).flatMap((kind) =>
    [null, ...decisions].map((decided) => ({
      ...mail,
      kind,
      from: said || null,
      proof: kind === 'held' ? ('failed' as const) : null,
      wantedTicketId: kind === 'held' ? 1042 : null,
      decided,
    })),
  )
}

/** Ada's context: Berlin time, in the locale asked for. */
export function clientContext(locale = 'en'): ViewContext {
  return context(locale, 'client')
}

/** The triage channel's context, with the answers Ada's form gave. */
export function staffContext(locale = 'en', said?: string): StaffContext {
  return {
    ...context(locale, 'agent'),
    now: new Date('2026-11-23T09:00:00Z'),
    answers: [
      { key: 'branch', label: 'What do you need?', value: said ?? 'Technical' },
      { key: 'impact', label: 'Problem impact', value: said ?? 'Critical resources' },
      { key: 'users', label: 'Users affected by the problem', value: said ?? 'All users' },
      { key: 'experience', label: 'Your experience with the platform', value: said ?? 'I am experienced' },
      { key: 'description', label: 'Provide a detailed description', value: said ?? 'It ate the invoice of November.' },
    ],
    roles: { branch: 'branch', impact: 'impact', users: 'users', experience: 'experience', consent: 'consent' },
    cardLink: (id) => `https://acme.slack.example/archives/C1/p${id}`,
  }
}

function context(locale: string, audience: 'agent' | 'client'): ViewContext {
  const timeZone = 'Europe/Berlin'
  return {
    words: templates.words(locale, { audience, timeZone }),
    moment: (at) => templates.moment(at, locale, timeZone),
  }
}

/** What the App Home knows of how its reader is spoken to. */
export const speaking = { chosen: null, locales: ['en', 'es', 'pt'], timeZone: 'Europe/Berlin' }
