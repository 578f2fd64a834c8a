import { type ComposedMail, composeMail, type MailToCompose } from '../../src/mail/compose.ts'
import { loadTemplates } from '../../src/templates.ts'
import type { StoredEvent } from '../../src/ticket/events.ts'
import type { Comment, Person, TicketInFull } from '../../src/ticket/in-full.ts'
import type { Attachment, Intake, Ticket } from '../../src/ticket/ticket.ts'

// Ada's printer is on fire; Kofi of Acme support answers; Grace is copied.
export const ada: Person = {
  id: 1,
  name: 'Ada Lovelace',
  address: 'ada@shop.example',
  slack: null,
  locale: 'en',
  timeZone: 'Europe/Berlin',
}
export const grace: Person = { ...ada, id: 2, name: 'Grace Hopper', address: 'grace@shop.example', locale: null }
const kofi = { id: 7, name: 'Kofi Mensah', slack: { teamId: 'T1', userId: 'U7' } }

const monday = Date.UTC(2026, 10, 23, 9, 0)
const minutes = (n: number) => new Date(monday + n * 60_000)

export const comments: Comment[] = [
  said(
    11,
    { kind: 'contact', id: 1, name: 'Ada Lovelace' },
    0,
    'My printer is on fire.\nSee https://shop.example/fire?a=1&b=2.',
  ),
  said(12, { kind: 'agent', id: 7, name: 'Kofi Mensah' }, 5, 'SECRET NOTE: has she paid?', false),
  said(13, { kind: 'agent', id: 7, name: 'Kofi Mensah' }, 10, 'Pull the plug, please.\n\nIs it still burning?'),
  said(14, { kind: 'contact', id: 1, name: 'Ada Lovelace' }, 20, 'No, it is out. Thank you!'),
]

function said(id: number, author: Comment['author'], at: number, text: string, isPublic = true): Comment {
  return { id, author, isPublic, via: 'mail', text, fullText: null, at: minutes(at), files: [] }
}

const intake: Intake = {
  subject: 'Printer on fire',
  branch: 'technical',
  accountKey: 'acme-berlin',
  groupKey: 'support',
  regionKey: 'emea',
  form: null,
  answers: {},
  impact: null,
  users: null,
  priority: 'normal',
}
const base: Omit<StoredEvent, 'type'> = {
  id: 0,
  ticketId: 1042,
  commentId: null,
  actor: { kind: 'system' },
  via: 'mail',
  at: minutes(0),
}
const draft = { text: '', fullText: null, attachments: [] as Attachment[] }
const byAda = { actor: { kind: 'contact', id: 1 } } as const
const byKofi = { actor: { kind: 'agent', id: 7 }, via: 'slack' } as const

export const opened = {
  ...base,
  ...byAda,
  id: 1,
  commentId: 11,
  type: 'opened',
  intake,
  requesterId: 1,
  ccIds: [2],
  locale: 'en',
  followUpOf: null,
  comment: draft,
  mayAnswer: true,
} as StoredEvent
export const answered = {
  ...base,
  ...byKofi,
  id: 3,
  commentId: 13,
  type: 'answered',
  comment: draft,
  at: minutes(10),
} as StoredEvent
export const pended = { ...base, ...byKofi, id: 4, type: 'pended', withAnswer: true, at: minutes(10) } as StoredEvent
export const replied = {
  ...base,
  ...byAda,
  id: 5,
  commentId: 14,
  type: 'replied',
  comment: draft,
  at: minutes(20),
  receivedAt: minutes(20),
  reopens: false,
  alreadyTold: [],
} as StoredEvent
/** Until Tuesday 24 November 2026, 20:00:37 in Berlin. */
export const solved = {
  ...base,
  ...byKofi,
  id: 6,
  type: 'solved',
  at: minutes(30),
  reopenUntil: new Date('2026-11-24T19:00:37Z'),
} as StoredEvent

export const ticket: Ticket = {
  ...intake,
  status: 'open',
  id: 1042,
  requesterId: 1,
  ccIds: [2],
  assigneeId: 7,
  locale: 'en',
  via: 'mail',
  openedAt: minutes(0),
  lastRequesterCommentAt: minutes(20),
  lastActivityAt: minutes(30),
  followUpOf: null,
  followUpId: null,
  rating: null,
  remindAt: null,
}

export const full: TicketInFull = {
  ticket,
  requester: ada,
  ccs: [grace],
  assignee: kofi,
  staff: [kofi],
  accountName: 'Acme Berlin',
  groupName: 'Support',
  comments,
  events: [opened, answered, replied, solved],
}

const templates = await loadTemplates(new URL('../../templates', import.meta.url).pathname)

/** The mail of the printer story, with what is different this time. */
export function compose(different: Partial<MailToCompose> = {}): ComposedMail {
  return composeMail({
    template: 'reply',
    full,
    event: answered,
    recipient: ada,
    templates,
    companyName: 'Acme',
    supportName: 'Acme support',
    supportAddress: 'support@acme.example',
    replyAddress: 'support+abcdefghijklmnopqrstuvwxyz@acme.example',
    messageId: 'mail-2@acme.example',
    thread: { messageIds: ['first@shop.example', 'mail-1@acme.example'] },
    links: { survey: (score) => `https://desk.acme.example/survey/t0ken${score ? `?score=${score}` : ''}` },
    maxFileBytes: 25_900_000,
    isAutomatic: false,
    senderIsProven: true,
    ...different,
  })
}

export const languages = ['en', 'es', 'pt']
export const inLanguage = (locale: string) => ({ ...ada, locale })
export const asked: Partial<MailToCompose> = { template: 'waiting', event: pended, isAutomatic: true }
export const acknowledged: Partial<MailToCompose> = { template: 'opened', event: opened, isAutomatic: true }
export const closed = {
  ...base,
  id: 8,
  type: 'closed',
  via: 'system',
  at: new Date('2026-11-24T19:01Z'),
} as StoredEvent
/** Its reply came after the deadline of request 1000. */
export const followedUp: Partial<MailToCompose> = {
  template: 'follow-up',
  event: opened,
  isAutomatic: true,
  full: { ...full, ticket: { ...ticket, followUpOf: 1000 } },
  earlier: { number: 1000, until: new Date('2026-11-20T19:00:37Z') },
}
export const atEnd: Partial<MailToCompose> = {
  template: 'closed',
  event: closed,
  isAutomatic: true,
  full: { ...full, events: [...full.events, closed] },
}
/** Ada's reply with `count` files that were too large; with none, it was encrypted. */
export function lacking(count: number, template: 'opened' | 'not-delivered' = 'not-delivered'): Partial<MailToCompose> {
  const event = template === 'opened' ? opened : replied
  const file = { id: 1, size: 30e6, sha256: null, slackFile: null, url: null }
  const files = count
    ? Array.from({ length: count }, () => ({
        ...file,
        name: 'SECRET PLAN.mov',
        contentType: 'video/quicktime',
        refused: 'too-large' as const,
      }))
    : [{ ...file, name: 'smime.p7m', contentType: 'application/pkcs7-mime', refused: null }]
  const withFiles = comments.map((comment) =>
    comment.id === event.commentId ? { ...comment, files, ...(count ? {} : { text: '' }) } : comment,
  )
  return { template, event, isAutomatic: true, full: { ...full, comments: withFiles } }
}
/** Kofi's reply with two files, one of which was not kept. */
export const withFiles: Partial<MailToCompose> = {
  full: {
    ...full,
    comments: comments.map((comment) => ({
      ...comment,
      files: ['invoice-2026-11-with-a-rather-long-name-as-they-come-from-scanners.pdf', 'film.mov'].map((name, id) => ({
        ...{ id, name, contentType: 'a/b', size: 1, sha256: 'x', slackFile: null },
        refused: id === 1 ? ('too-large' as const) : null,
        url: id === 1 ? null : 'https://desk.acme.example/files/t0ken/invoice.pdf',
      })),
    })),
  },
}
export const done: Partial<MailToCompose> = { template: 'solved', event: solved, isAutomatic: true }
