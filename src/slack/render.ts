import type { HomeView } from '@slack/types'
import type { Clock } from '../clock.ts'
import { newsOf } from '../store/articles/news.ts'
import type { Database } from '../store/database.ts'
import { type Names, ticketInFull } from '../store/in-full.ts'
import { noticedMail } from '../store/mail-notices.ts'
import { people } from '../store/people.ts'
import { readableTicket } from '../store/readers.ts'
import { requestPage } from '../store/requests.ts'
import { slackMessage } from '../store/slack-messages.ts'
import { askedTalk } from '../store/talks.ts'
import type { Templates } from '../templates.ts'
import { languageOf } from '../ticket/article.ts'
import { askedOf } from '../ticket/asked.ts'
import type { WholeForm } from '../ticket/form.ts'
import { freshView, type HistoryTerms } from '../ticket/history.ts'
import type { TicketInFull } from '../ticket/in-full.ts'
import { type Slot, slotKey } from '../ticket/policies/effect.ts'
import { homeData } from './home-data.ts'
import type { SlackReader } from './recent-readers.ts'
import { newsView } from './views/articles/news.ts'
import { cardView, movedView } from './views/card.ts'
import { cardThreadView } from './views/card-thread.ts'
import type { MessageView, StaffContext, ViewContext } from './views/context.ts'
import { homeView } from './views/home.ts'
import { onlyYouView } from './views/linked-request.ts'
import { mailAlarmView } from './views/mail-alarm.ts'
import { mailNoticeView } from './views/mail-notice.ts'
import { requestView } from './views/request.ts'
import { requestThreadView } from './views/request-thread.ts'
import { settledView, wayInView } from './views/way-in.ts'

// Of the requests that somebody's words may be part of, the last that anything happened to.
const MOST_REQUESTS = 20

/** Draws what our messages in Slack show now, from the database, in their reader's language. */
export interface Renderer {
  /** The message of a slot, or null when there is nothing to say in it (any more). */
  message(ticketId: number | null, slot: Exclude<Slot, { place: 'home' }>): Promise<MessageView | null>
  home(contactId: number): Promise<HomeView>
  /** The languages there are words in. */
  locales: string[]
  /** What is left of a card in a channel that the ticket's team does not read. */
  moved(ticketId: number, channel: string): MessageView
  /** The group that works on the ticket. */
  groupOf(ticketId: number): Promise<string>
  /** The group that decides about a held mail; null for any other mail. */
  groupOfMail(mailId: number): Promise<string | null>
  full(ticketId: number): Promise<TicketInFull | null>
  requesterContext(person: SlackReader | null): ViewContext
  staffContext(full: TicketInFull): StaffContext
  /** For agents, where it is about no ticket. */
  deskContext(): ViewContext
}

export interface RendererParts {
  database: Database
  clock: Clock
  templates: Templates
  names: Names
  /** Today's questionnaire; a ticket is shown with the one it was asked with. */
  form: WholeForm
  /** The language and zone of the triage channel: its messages have many readers, so one is chosen in the desk file. */
  staff: { locale: string; timeZone: string }
  history: HistoryTerms
}

export function createRenderer({ database, clock, templates, names, form, staff, history }: RendererParts): Renderer {
  const full = (ticketId: number) => ticketInFull(database, ticketId, names)

  const requesterContext: Renderer['requesterContext'] = (person) => {
    const locale = person?.locale ?? null
    const timeZone = person?.timeZone ?? staff.timeZone
    return {
      words: templates.words(locale, { audience: 'client', timeZone }),
      moment: (at) => templates.moment(at, locale, timeZone),
      language: languageOf(locale),
      // A choice that agrees with Slack keeps Slack's region: people.ts, spokenLocale.
      ...(person?.language && person.language === locale ? { isOtherThanSlacks: true } : {}),
      ...(person?.isUnmet ? { isUnmet: true } : {}),
    }
  }
  const staffContext: Renderer['staffContext'] = (ticket) => ({
    ...staffWords(),
    ...askedOf(ticket, form, staff.locale),
    now: clock.now(),
  })
  const staffWords = () => ({
    words: templates.words(staff.locale, { audience: 'agent', timeZone: staff.timeZone }),
    moment: (at: Date) => templates.moment(at, staff.locale, staff.timeZone),
  })
  const mailNotice = async (mailId: number) => {
    const mail = await noticedMail(database, mailId)
    const ctx = staffWords()
    return mail && mailNoticeView({ ...mail, reason: ctx.words(`mail-reasons.${mail.reason}`) }, ctx)
  }
  const articleNews = async (slot: Slot & { place: 'article-news' }) => {
    const [person] = await people(database, [slot.contactId])
    const news = await newsOf(database, slot.importId, slot.contactId)
    // Who follows none of them any more is not told; a message that is there already shows that they do not.
    const isWanted = news.some(({ isFollowed }) => isFollowed) || (await slackMessage(database, slotKey(null, slot)))
    return news.length > 0 && isWanted ? newsView(news, slot.importId, requesterContext(person ?? null)) : null
  }
  const wayIn = async ({ contactId, talkId }: Slot & { place: 'way-in' }) => {
    const talk = await askedTalk(database, talkId)
    if (!talk) return null
    const [person] = await people(database, [contactId])
    const ctx = requesterContext(person ?? null)
    if (talk.became) return settledView(talk.became, ctx)
    if (!talk.hasWords) return null // all of them were deleted again
    const canAdd = talk.kind === 'direct'
    const { rows } = canAdd ? await requestPage(database, contactId, freshView, MOST_REQUESTS) : { rows: [] }
    const requests = rows.filter(({ status }) => status !== 'closed')
    return wayInView({ talkId, requests, hasNoThread: canAdd && talk.threadTs !== null, canAdd }, ctx)
  }
  const linked = async ({ contactId, ticketId }: Slot & { place: 'linked' }) => {
    const readable = await readableTicket(database, contactId, ticketId)
    const [person] = await people(database, [contactId])
    return readable && onlyYouView(readable.ticket, requesterContext(person ?? null))
  }
  return {
    full,
    locales: templates.locales,
    requesterContext,
    staffContext,
    deskContext: staffWords,
    groupOfMail: async (mailId) => (await noticedMail(database, mailId))?.groupKey ?? null,
    groupOf: async (ticketId) => (await found(full, ticketId)).ticket.groupKey,
    message: async (ticketId, slot) => {
      if (slot.place === 'mail-notice') return mailNotice(slot.mailId)
      if (slot.place === 'mail-alarm') return mailAlarmView(slot, staffWords())
      if (slot.place === 'article-news') return articleNews(slot)
      if (slot.place === 'way-in') return wayIn(slot)
      if (slot.place === 'linked') return linked(slot)
      const ticket = await found(full, ticketId ?? 0)
      const event = 'eventId' in slot ? ticket.events.find(({ id }) => id === slot.eventId) : undefined
      switch (slot.place) {
        case 'card':
          return cardView(ticket, staffContext(ticket))
        case 'card-thread':
          return event ? cardThreadView(ticket, event, staffContext(ticket)) : null
        case 'request':
          return requestView(ticket, requesterContext(ticket.requester))
        case 'request-thread':
          return event ? requestThreadView(ticket, event, requesterContext(ticket.requester)) : null
        default:
          return slot satisfies never
      }
    },
    moved: (ticketId, channel) => movedView(ticketId, channel, staffWords()),
    home: async (contactId) => {
      const [person] = await people(database, [contactId])
      const data = await homeData(database, contactId, person ?? null, templates.locales, history)
      return homeView({ ...data, ctx: requesterContext(person ?? null) })
    },
  }
}

async function found(full: Renderer['full'], ticketId: number): Promise<TicketInFull> {
  const ticket = await full(ticketId)
  if (!ticket) throw new Error(`there is no ticket ${ticketId}`)
  return ticket
}
