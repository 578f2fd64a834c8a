import type { Button } from '@slack/types'
import type { TicketInFull } from '../../ticket/in-full.ts'
import { asksForAccess } from '../../ticket/organization.ts'
import { mrkdwn, oneLine } from '../text.ts'
import { actions, button, context, header, markupText, section, spoken } from './blocks.ts'
import { consentLine } from './consent.ts'
import { type MessageView, moment, type StaffContext, say, sayPlain, subjectOf, type ViewContext } from './context.ts'
import { accessButtons, grantedLine } from './granted.ts'
import { limits } from './limits.ts'
import { list, nameAndAddress, nameOf } from './people.ts'
import { staffNext, staffStatus, stars } from './standing.ts'
import { noDmLine } from './unreachable.ts'

/**
 * The ticket's card in the triage channel: what it is, how urgent, who has it, what happens next and when, and the
 * buttons its status allows. A button's value is the ticket and the assignee its presser saw.
 */
export function cardView(full: TicketInFull, ctx: StaffContext): MessageView {
  const { ticket } = full
  const { words } = ctx
  const title = sayPlain(words, 'slack.title', { number: ticket.id, subject: subjectOf(ticket.subject, words) })
  const next = staffNext(full, ctx)
  const facts = factsOf(full, ctx)
  const reason = reasonOf(ctx)
  const sender = senderDoubt(full, ctx)
  const consent = consentLine(ticket, ctx)
  const noDm = noDmLine(full, ctx)
  const granted = full.granted ? grantedLine(full.granted, ctx) : ''
  const store = full.storeIsOpen ? words('access.store.unconfirmed') : ''
  const links = linksOf(full, ctx)
  const buttons = buttonsOf(full, ctx)
  return {
    text: spoken([
      mrkdwn(title, limits.spokenTitle),
      ...facts.map(({ label, value }) => `${label}: ${value}`),
      reason,
      sender,
      noDm,
      granted,
      store,
      `${words('slack.card.next')} ${next}`,
      consent,
      ...links,
    ]),
    blocks: [
      header('card.title', title),
      {
        type: 'section',
        block_id: 'card.facts',
        fields: facts.map(({ label, value }) => markupText(`*${label}:* ${value}`)),
      },
      ...(reason ? [context('card.reason', reason)] : []),
      ...(sender ? [context('card.sender', sender)] : []),
      ...(noDm ? [context('card.no-dm', noDm)] : []),
      ...(granted ? [context('card.granted', granted)] : []),
      ...(store ? [context('card.store', store)] : []),
      section('card.next', `*${words('slack.card.next')}* ${next}`),
      ...(consent ? [context('card.consent', consent)] : []),
      ...(links.length > 0 ? [context('card.links', links.join('  ·  '))] : []),
      ...(buttons.length > 0 ? [actions('card.buttons', buttons)] : []),
    ],
  }
}

/** What a card becomes in a channel that is not its team's any more. */
export function movedView(number: number, channel: string, { words }: ViewContext): MessageView {
  const text = say(words, 'slack.card.moved', { number, channel: { markup: `<#${channel}>` } })
  return { text, blocks: [context('card.moved', text)] }
}

type Fact = { label: string; value: string }

/** What staff weigh before taking a ticket, as label and markup. At most ten: a section has no room for more. */
function factsOf(full: TicketInFull, ctx: StaffContext): Fact[] {
  const { ticket, assignee, ccs } = full
  const { words } = ctx
  const branch = called(ctx, ctx.roles?.branch)
  const ccNames = list(
    ccs.map((person) => nameOf(person, words)),
    words,
  )
  const facts: (Fact | null)[] = [
    fact('status', staffStatus(full, ctx)),
    fact('priority', words(`slack.priority.${ticket.priority}`)),
    fact('requester', said(nameAndAddress(full.requester, words))),
    full.accountName ? fact('account', said(full.accountName)) : null,
    branch ? fact('branch', said(branch)) : null,
    fact('assignee', assignee ? said(nameOf(assignee, words)) : words('slack.card.nobody')),
    ccs.length > 0 ? fact('ccs', said(ccNames)) : null,
    fact('opened', say(words, `slack.card.opened-by.${ticket.via}`, { at: moment(ctx, ticket.openedAt) })),
    ticket.rating ? fact('rating', stars(ticket.rating.score, ctx)) : null,
  ]
  return facts.filter((each) => each !== null)

  function fact(key: string, value: string): Fact {
    return { label: words(`slack.card.fact.${key}`), value }
  }
}

/** Why the priority is what it is, or an empty string where the form did not ask. Too long for the column of facts. */
function reasonOf(ctx: StaffContext): string {
  const impact = called(ctx, ctx.roles?.impact)
  const users = called(ctx, ctx.roles?.users)
  return impact && users ? say(ctx.words, 'slack.card.because', { impact, users }) : ''
}

/** Whether somebody may have written under another's name here: the worst of all mail on the ticket, or an empty string. */
function senderDoubt({ comments }: TicketInFull, { words }: StaffContext): string {
  const worst = (['failed', 'unproven'] as const).find((each) => comments.some(({ proof }) => proof === each))
  return worst ? words(`slack.card.sender.${worst}`) : ''
}

function linksOf({ ticket }: TicketInFull, ctx: StaffContext): string[] {
  const linked = (key: string, number: number | null) => {
    if (number === null) return []
    const words = say(ctx.words, key, { number })
    const url = ctx.cardLink?.(number)
    return [url ? `<${encodeURI(decodeURI(url)).replaceAll('|', '%7C')}|${words}>` : words]
  }
  return [...linked('slack.card.follows', ticket.followUpOf), ...linked('slack.card.continued', ticket.followUpId)]
}

function buttonsOf(full: TicketInFull, ctx: StaffContext): Button[] {
  const { ticket } = full
  const { words } = ctx
  const value = { ticket: ticket.id, assignee: ticket.assigneeId }
  const untaken = ticket.assigneeId === null
  const take = button('ticket.take', words(untaken ? 'slack.button.take' : 'slack.button.take-over'), value, {
    ...(untaken ? { style: 'primary' } : {}),
  })
  const reply = button('ticket.reply', words('slack.button.reply'), value, {
    ...(untaken || ticket.status === 'solved' ? {} : { style: 'primary' }),
  })
  const pend = button('ticket.pend', words('slack.button.pend'), value)
  const solve = button('ticket.solve', words('slack.button.solve'), value)
  const reopen = button('ticket.reopen', words('slack.button.reopen'), value)
  const people = button('ticket.people', words('people.button'), value)
  const grant = asksForAccess(ticket) ? accessButtons(full, ctx) : []
  switch (ticket.status) {
    case 'open':
      return [...grant, take, reply, pend, solve, people]
    case 'pending':
      return [...grant, take, reply, solve, people]
    case 'solved':
      return [...grant, reply, reopen, people]
    case 'closed':
      return []
    default:
      return ticket satisfies never
  }
}

function called({ answers }: StaffContext, key: string | undefined): string | null {
  return answers.find((answer) => answer.key === key)?.value ?? null
}

/** A fact that people chose or typed: on one line, short, escaped. */
function said(value: string): string {
  return mrkdwn(oneLine(value), LONGEST_FACT)
}

// Ten facts of this length leave the card's `text` below what can be edited.
const LONGEST_FACT = 200
