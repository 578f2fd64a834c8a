import { expect } from 'vitest'
import type { OpenModal, SeenMessage } from '../../src/sandbox/slack/types.ts'
import { dmOf } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, TRIAGE, type World } from '../support/world.ts'

type Values = Record<string, string | string[]>

/** What a person answers on each page of the Technical way, when a test is about something else. */
export const technical = (subject: string): Values[] => [
  { name: 'Ada Lovelace', account: 'acme-berlin' },
  { branch: 'technical' },
  { problem_type: '1', subject },
  { impact: 'critical', users: 'all' },
  { experience: '2', description: `About: ${subject}` },
]

/** The modal somebody has open, once it is this one. */
export function modalOf(world: World, user: string, callbackId = 'intake.page'): Promise<OpenModal> {
  return eventually(() => {
    const open = world.slack.state.modal(user)
    expect(open?.view.callbackId).toBe(callbackId)
    return open!
  })
}

/** Opens the questionnaire by the command. */
export async function openForm(world: World, user: string): Promise<OpenModal> {
  expect(await world.slack.people.slash(user, GENERAL, '/ticket')).toMatchObject({ ok: true })
  return modalOf(world, user)
}

/** Fills in page after page; what each must lead to is the next page in the same view. */
export async function fillIn(world: World, user: string, viewId: string, pages: Values[]): Promise<void> {
  for (const values of pages)
    expect(await world.slack.people.submit(user, viewId, values)).toEqual({ ok: true, next: 'updated' })
}

/** A new ticket by the form, everything after it done; its number. */
export async function ask(world: World, user: string, subject: string): Promise<number> {
  const { view } = await openForm(world, user)
  const [, ...pages] = technical(subject)
  const account = user === ADA || user === BRUNO ? 'acme-berlin' : 'unlisted'
  await fillIn(world, user, view.id, [{ account }, ...pages])
  const sent = await modalOf(world, user, 'intake.sent')
  await world.slack.people.close(user, view.id)
  await world.settle()
  return Number(/#(\d+)/.exec(JSON.stringify(sent.view.blocks))![1])
}

/** The one card of a ticket. */
export function cardOf(world: World, number: number, channel = TRIAGE, viewer = KOFI): SeenMessage {
  return only(world.slack.state.messages(channel, { viewer }).filter((message) => slotOf(message) === `${number}/card`))
}

/** The one message at the top of the requester's thread. */
export function rootOf(world: World, user: string, number: number): SeenMessage {
  const messages = world.slack.state.messages(dmOf(world, user), { viewer: user })
  return only(messages.filter((message) => slotOf(message).startsWith(`${number}/request/`)))
}

/** What stands under a message, without what only one person was told. */
export function under(world: World, message: SeenMessage, viewer: string): SeenMessage[] {
  return world.slack.state
    .messages(message.channel, { viewer, threadTs: message.ts })
    .filter((each) => each.ts !== message.ts && !each.ephemeral)
}

/** What only this person was told, oldest first. */
export function toldTo(world: World, user: string): string[] {
  return world.slack.state.ephemerals(user).map(({ text }) => text)
}

/** Sends the answer of the Reply modal. */
export async function answer(world: World, agent: string, number: number, reply: string, waits = false): Promise<void> {
  const card = cardOf(world, number)
  await world.slack.people.click(agent, { channelId: card.channel, ts: card.ts }, 'ticket.reply')
  const { view } = await modalOf(world, agent, 'agent.reply')
  const values = { reply, ...(waits ? { wait: ['wait'] } : {}) }
  expect(await world.slack.people.submit(agent, view.id, values)).toMatchObject({ ok: true })
  await world.settle()
}

export async function statusOf(world: World, number: number): Promise<string> {
  return (await world.db.query('select status from tickets where id = $1', [number])).rows[0]?.status
}

/** The public words of a ticket, oldest first. */
export async function publicWords(world: World, number: number): Promise<string[]> {
  const { rows } = await world.db.query('select text from comments where ticket_id = $1 and is_public order by id', [
    number,
  ])
  return rows.map(({ text }) => text)
}

function slotOf(message: SeenMessage): string {
  return String(message.metadata?.event_payload.slot)
}

function only<T>(found: T[]): T {
  expect(found).toHaveLength(1)
  return found[0]!
}

/** Does something to somebody's App Home and waits until it is drawn anew: Slack's event is acknowledged before that. */
export async function drawnAgain(world: World, user: string, act: () => Promise<{ ok: boolean }>): Promise<void> {
  await world.settle()
  const before = world.slack.state.home(user)?.hash
  expect(await act()).toMatchObject({ ok: true })
  await eventually(() => {
    expect(world.slack.state.home(user)?.callbackId).toBe('home')
    expect(world.slack.state.home(user)?.hash).not.toBe(before)
  })
}

/** The button that an agent posted in #general for whoever has no command; undefined before that. */
export function helpButton(world: World) {
  return world.slack.state.all(GENERAL).find(({ text }) => text.startsWith('Do you need help?'))
}

/** Opens a request about a store that is not listed by that button, and answers with its number. */
export async function askByButton(world: World, user: string, subject: string): Promise<number> {
  await world.slack.people.click(user, { channelId: GENERAL, ts: helpButton(world)!.ts }, 'home.open_ticket')
  const { view } = await modalOf(world, user)
  const [, ...pages] = technical(subject)
  await fillIn(world, user, view.id, [{ account: 'unlisted' }, ...pages])
  const sent = await modalOf(world, user, 'intake.sent')
  await world.slack.people.close(user, view.id)
  await world.settle()
  return Number(/#(\d+)/.exec(JSON.stringify(sent.view.blocks))![1])
}
