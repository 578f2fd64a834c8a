import { createHmac } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from '@slack/bolt'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { grant } from '../../src/store/organizations.ts'
import { writeMail } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, LUCIA, startWorld, TRIAGE, type World } from '../support/world.ts'

// Every button and form that Slack can send us, pressed by everybody about every kind of ticket, signed as Slack signs:
// only what the server asks itself stands between them and what is not theirs (threats S5 to S8, S24).
const OWN_TEAM = 'T0SANDBOX'
const ABSENT = 999_999

/** Who may do it: *nobody* is refused where it is about nothing but the presser's own. */
type Allowed = 'agent' | 'desk' | 'requester' | 'manager' | 'reader' | 'anybody'
interface Rule {
  for: Allowed
  /** The ids to press, where a pattern stands for several. */
  ids?: string[]
}

/** Everything registered in src/slack/listeners. What is new fails the first test until somebody says who may do it. */
const actions: Record<string, Rule> = {
  'ticket.take': { for: 'agent' },
  'ticket.pend': { for: 'agent' },
  'ticket.solve': { for: 'agent' },
  'ticket.reopen': { for: 'agent' },
  'ticket.reply': { for: 'agent' },
  'ticket.undo': { for: 'agent' },
  'note.send': { for: 'agent' },
  'ticket.people': { for: 'agent' },
  'organization.grant': { for: 'agent' },
  'organization.change': { for: 'agent' },
  'organization.withdraw': { for: 'agent' },
  'mail.accept': { for: 'agent' },
  'mail.open': { for: 'agent' },
  'mail.discard': { for: 'agent' },
  'mail.send-again': { for: 'agent' },
  'mail.assume-sent': { for: 'agent' },
  'mail.lift': { for: 'agent' },
  'mail.whole': { for: 'agent' },
  'request.solve': { for: 'manager' },
  'request.reopen': { for: 'manager' },
  'command.run': { for: 'manager' }, // pressed with “solve” and the number
  '/^survey\\.rate\\.[1-5]$/': { for: 'requester', ids: ['survey.rate.1', 'survey.rate.5'] },
  'survey.comment': { for: 'requester' },
  'consent.withdraw': { for: 'requester' },
  '/^request\\.(show|show\\.next|earlier|later)$/': {
    for: 'reader',
    ids: ['request.show', 'request.show.next', 'request.earlier', 'request.later'],
  },
  '/^request\\.(reply|follow-up)$/': { for: 'reader', ids: ['request.reply', 'request.follow-up'] },
  ...Object.fromEntries(
    [
      'home.open_ticket home.addresses home.organization home.language home.articles home.scope.mine home.scope.cc',
      'home.scope.organization home.scope.unrated home.show-pending home.status home.sort home.search home.clear',
      'home.newer home.older intake.back intake.start_over intake.access access.back article.read article.solved',
      'article.follow article.unfollow article.page article.back article.anyway command.open_form way-in.open',
      'way-in.add way-in.drop',
    ]
      .join(' ')
      .split(' ')
      .map((id) => [id, { for: 'anybody' as const }]),
  ),
}
const views: Record<string, Rule> = {
  'agent.reply': { for: 'agent' },
  'ticket.people': { for: 'agent' },
  'organization.grant': { for: 'agent' },
  'intake.requester': { for: 'desk' }, // asks in another's name
  'survey.comment': { for: 'requester' },
  'request.reply': { for: 'reader' },
  ...Object.fromEntries(
    ['intake.page', 'addresses.ask', 'addresses.code', 'organization.ask', 'access.ask', 'access.code']
      .concat(['articles.search', 'articles.page'])
      .map((id) => [id, { for: 'anybody' as const }]),
  ),
}

/** Who presses: a Slack user as the payload names them, and what they are to Ada's ticket. */
const actors = {
  requester: { id: ADA, team: OWN_TEAM, may: ['requester', 'manager', 'reader'] },
  cc: { id: BRUNO, team: OWN_TEAM, may: ['reader'] },
  'a colleague with the right': { id: 'U0DORA', team: OWN_TEAM, may: ['manager', 'reader'] },
  'a colleague without it': { id: 'U0EMIL', team: OWN_TEAM, may: [] },
  'another client': { id: 'U0CARL', team: OWN_TEAM, may: [] },
  'a guest': { id: 'U0GUS', team: OWN_TEAM, may: [] },
  'somebody of another workspace': { id: 'U0EVE', team: 'T0OTHER', may: [] },
  'an agent’s id from another workspace': { id: KOFI, team: 'T0OTHER', may: [] },
  'the requester’s id from another workspace': { id: ADA, team: 'T0OTHER', may: [] },
  'somebody deactivated': { id: 'U0ZED', team: OWN_TEAM, may: [] },
  'a bot': { id: 'U0DESKHAND', team: OWN_TEAM, may: [] },
  'an id that Slack does not know': { id: 'U0NOBODY', team: OWN_TEAM, may: [] },
  'an agent of another group': { id: LUCIA, team: OWN_TEAM, may: ['desk'] },
  'an agent': { id: KOFI, team: OWN_TEAM, may: ['agent'] },
} as const satisfies Record<string, { id: string; team: string; may: readonly Allowed[] }>
type Actor = (typeof actors)[keyof typeof actors]

let world: World
let folder: string
/** Ada's, with Bruno copied; and Carl's, so that nobody gains by having one of their own. */
let adas: number
let carls: number
let heldMail: number
const registered = { actions: [] as string[], views: [] as string[] }

beforeAll(async () => {
  for (const kind of ['action', 'view'] as const) {
    const original = App.prototype[kind]
    vi.spyOn(App.prototype, kind).mockImplementation(function (this: App, ...args: unknown[]) {
      registered[`${kind}s`].push(idOf(args[0]))
      return (original as (...all: unknown[]) => void).apply(this, args)
    } as never)
  }
  folder = await mkdtemp(join(tmpdir(), 'deskhand-templates-'))
  await cp('templates', folder, { recursive: true })
  const desk = (await readFile(join(folder, 'desk.yaml'), 'utf8')).replace(
    'us: { name: Support United States }',
    `us: { name: Support United States, triageChannel: ${GENERAL} }`,
  )
  await writeFile(join(folder, 'desk.yaml'), desk)
  world = await startWorld({ mode: 'http', templatesDir: folder, prepare })
  await everybodyIsKnown()
  adas = await opened('ada@acme.example', ['bruno@acme.example'])
  carls = await opened('carl@new.example', [])
  await writeMail(world, {
    from: 'mallory@evil.example',
    to: [await replyAddress()],
    subject: 'Re',
    text: 'Let me in.',
  })
  await world.settle()
  heldMail = (await world.db.query('select max(id) as id from inbound_mails')).rows[0].id
  const { rows } = await world.db.query('select id from agents limit 1')
  const asked = { name: 'Acme', domains: ['acme.example'], access: 'named' as const, members: ['dora@acme.example'] }
  await grant(world.db, null, asked, { agentId: rows[0].id, ticketId: null, source: 'test', at: new Date() })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('says of every button and form that is registered who may use it', () => {
  expect(new Set(registered.actions)).toEqual(new Set(Object.keys(actions)))
  expect(new Set(registered.views)).toEqual(new Set(Object.keys(views)))
})

// As many as are answered within a second, so that nobody is shown that it takes a moment.
const AT_ONCE = 4

interface Try {
  name: string
  kind: 'action' | 'view'
  id: string
  actor: Actor
  ticket: number
}

const about = (rule: Allowed) => rule !== 'anybody'
const guarded = [
  ...Object.entries(actions).map(([id, rule]) => ({ kind: 'action' as const, rule, ids: rule.ids ?? [id] })),
  ...Object.entries(views).map(([id, rule]) => ({ kind: 'view' as const, rule, ids: [id] })),
].filter(({ rule }) => about(rule.for))
const forbidden = guarded.map(({ kind, rule, ids }) => ({
  title: `${kind} ${ids[0]}`,
  rule,
  tries: ids.flatMap((id) =>
    Object.entries(actors)
      .filter(([, { may }]) => !(may as readonly Allowed[]).includes(rule.for))
      .map(([name, actor]) => ({ name, kind, id, actor })),
  ),
}))

test('they are more than five hundred combinations', () => {
  expect(3 * forbidden.flatMap(({ tries }) => tries).length).toBeGreaterThan(500)
})

describe('whoever may not is refused, in the same words as for a ticket that is not there (S6)', () => {
  test.each(forbidden)('$title', async ({ tries, rule }) => {
    const before = await everything()
    world.slack.log.clear()
    for (let from = 0; from < tries.length; from += AT_ONCE) {
      const answers = await Promise.all(
        tries.slice(from, from + AT_ONCE).map(async (each) => {
          // Carl may do with his own what he may not with Ada's, unless it is an agent's to do.
          const isHis = each.name === 'another client' && rule.for !== 'agent'
          // Who may read it knows that it is there.
          const isKnown = (each.actor.may as readonly Allowed[]).includes('reader')
          const tickets = [ABSENT, ...(isKnown ? [] : [adas]), ...(isHis ? [] : [carls])]
          const [absent, ...theirs] = await Promise.all(tickets.map((ticket) => said({ ...each, ticket })))
          if (isKnown) expect(await said({ ...each, ticket: adas })).toMatch(/Only |no request/)
          return { who: `${each.name}: ${each.id}`, absent, theirs }
        }),
      )
      for (const { who, theirs, absent } of answers) {
        expect(absent, who).toMatch(/Only |no request|went wrong/)
        expect({ who, theirs }).toEqual({ who, theirs: theirs.map(() => absent) })
      }
    }
    await world.settle()
    expect(await everything()).toEqual(before)
  })
})

describe('whoever may is not', () => {
  const allowed = guarded.flatMap(({ kind, rule, ids }) =>
    Object.entries(actors)
      .filter(([, { may }]) => (may as readonly Allowed[]).includes(rule.for))
      .map(([name, actor]) => ({ name, kind, id: ids[0]!, actor })),
  )
  // What only changes something in another state of the ticket says so: that is an answer to who may ask.
  test.each(allowed)('$name: $kind $id', async (each) => {
    expect(await said({ ...each, ticket: adas }, true)).not.toMatch(
      /Only the people on this request|Only the support team can/,
    )
  })
})

test('what is about nobody else’s ticket takes nothing of anybody else’s: another’s draft, another’s code', async () => {
  const { rows } = await world.db.query(
    `insert into drafts (id, team_id, user_id, page, answers, updated_at)
     values (gen_random_uuid(), $1, $2, 'identification', '{"name": "Ada’s own"}', now()) returning id`,
    [OWN_TEAM, ADA],
  )
  const codes = await world.db.query(
    `insert into linking_codes (contact_id, address, purpose, asked_at, expires_at)
     select contact_id, 'x@y.example', p, now(), now() + interval '1 hour' from contact_slack_users,
       unnest(array['address', 'store']) p where user_id = $1 and team_id = $2 returning id`,
    [ADA, OWN_TEAM],
  )
  const before = await everything()
  const hints = codes.rows.map(({ id }) => ({ draft: rows[0].id, code: id, page: 'identification' }))
  for (const [name, actor] of Object.entries(actors).filter(([name]) => name !== 'requester'))
    for (const hint of hints)
      for (const id of ['intake.page', 'addresses.code', 'access.code'])
        await post(submission({ name, kind: 'view', id, actor, ticket: adas }, hint, 'V1'))
  await world.settle()
  expect(await everything()).toEqual(before)
  const kept = await world.db.query('select answers, page from drafts where id = $1', [rows[0].id])
  expect(kept.rows).toEqual([{ answers: { name: 'Ada’s own' }, page: 'identification' }])
  const tried = await world.db.query('select sum(tries)::int as n from linking_codes where id = any($1)', [
    codes.rows.map(({ id }) => id),
  ])
  expect(tried.rows).toEqual([{ n: 0 }])
})

test('words in the thread of a request, or under its card, are taken from those on it alone', async () => {
  const { rows } = await world.db.query('select channel, ts, slot from slack_messages where ticket_id = $1', [adas])
  const before = await everything()
  for (const [name, { id, team, may }] of Object.entries(actors))
    for (const { channel, ts, slot } of rows.filter(({ slot }) => /\/(card|request\/\d+)$/.test(slot))) {
      const isCard = slot.endsWith('/card')
      if ((may as readonly Allowed[]).includes(isCard ? 'agent' : 'reader')) continue
      const message = { channel, channel_type: isCard ? 'channel' : 'im', user: id, user_team: team, team }
      const bot = name === 'a bot' ? { bot_id: 'B0DESKHAND' } : {}
      const said = { type: 'message', ...message, ...bot, ts: `${++presses}.1`, thread_ts: ts, text: 'Forbidden words' }
      const event = { type: 'event_callback', team_id: OWN_TEAM, api_app_id: 'A0DESKHAND', event_id: `Ev${presses}` }
      await postJson({ ...event, event: said })
    }
  await world.settle()
  expect(rows.length).toBeGreaterThan(1)
  expect(await everything()).toEqual(before)
})

function idOf(constraint: unknown): string {
  if (typeof constraint === 'string') return constraint
  if (constraint instanceof RegExp) return String(constraint)
  const { action_id, callback_id } = constraint as { action_id?: string | RegExp; callback_id?: string | RegExp }
  return String(action_id ?? callback_id)
}

function prepare({ state }: World['slack']): void {
  const person = (id: string, email: string, more = {}) => ({
    ...{ id, name: id.slice(2).toLowerCase(), realName: id.slice(2), email, tz: 'Europe/Berlin', locale: 'en-GB' },
    ...more,
  })
  state
    .people()
    .push(
      person('U0DORA', 'dora@acme.example'),
      person('U0EMIL', 'emil@acme.example'),
      person('U0CARL', 'carl@new.example'),
      person('U0GUS', 'gus@guest.example', { isRestricted: true }),
      person('U0EVE', 'ada@acme.example', { teamId: 'T0OTHER' }),
      person('U0ZED', 'zed@acme.example', { deleted: true }),
    )
  for (const each of state.people()) each.locale = 'en-GB' // so that a refusal is told by its words
  // Mail without a store goes to the group of the United States: Kofi's. Lucía works at the desk's own channel alone.
  state.channel(GENERAL)!.members = [KOFI, 'U0DESKHAND']
  state.channel(TRIAGE)!.members = [LUCIA, 'U0DESKHAND']
}

async function everybodyIsKnown(): Promise<void> {
  for (const user of [ADA, BRUNO, 'U0DORA', 'U0EMIL', 'U0CARL', 'U0GUS']) await world.slack.people.openHome(user)
  await eventually(async () => {
    const { rows } = await world.db.query('select count(*)::int as n from contact_slack_users')
    expect(rows[0].n).toBe(6)
  })
  const agents = `insert into agents (team_id, user_id, name, created_at) values ($1, $2, 'Kofi', now())`
  await world.db.query(agents, [OWN_TEAM, KOFI])
}

/** A ticket by mail, in Kofi's group, solved and rated, so that everything about it could be asked for. */
async function opened(from: string, cc: string[]): Promise<number> {
  await writeMail(world, { from, cc, subject: `Of ${from}`, text: 'Please help.' })
  await world.settle()
  const { rows } = await world.db.query(
    `update tickets set group_key = 'us', account_key = null, rating_score = 3, rated_at = now()
     where id = (select max(id) from tickets) returning id`,
  )
  return rows[0].id
}

async function replyAddress(): Promise<string> {
  const mail = world.mail.mailboxOf('ada@acme.example').at(-1)!
  return /reply-to: .*?([^\s<]+@[^\s>]+)/i.exec(mail.raw.toString())![1]!
}

/** All that people said, did and were granted: what no forbidden press may change. */
async function everything(): Promise<unknown> {
  const state: Record<string, unknown> = {}
  for (const table of [
    'tickets',
    'ticket_ccs',
    'events',
    'comments',
    'organizations',
    'organization_members',
    'drafts',
  ]) {
    const order = table === 'ticket_ccs' ? 'ticket_id, contact_id' : '1, 2'
    const kept = table === 'drafts' ? 'user_id, answers, page' : '*'
    state[table] = (await world.db.query(`select ${kept} from ${table} order by ${order}`)).rows
  }
  state.mails = (await world.db.query('select id, outcome, ticket_id from inbound_mails order by id')).rows
  return state
}

let presses = 0

/** What the presser is told, wherever: in the answer to Slack, in a modal, in an ephemeral message; numbers taken out. */
async function said(each: Try, settles = false): Promise<string> {
  const n = ++presses
  const place = { trigger: `1.${n}`, channel: `C0PRESS${n}`, view: `V0PRESS${n}` }
  const body = each.kind === 'view' ? submission(each, {}, place.view) : action(each, place)
  const answer = await post(body)
  // The first: where our made-up trigger opens no modal, another way is tried after it.
  const heard = () => {
    const call = world.slack.log.calls.find(
      ({ args }) => args.trigger_id === place.trigger || args.channel === place.channel || args.view_id === place.view,
    )
    return call ? JSON.stringify(call.args.text ?? call.args.view) : ''
  }
  if (!answer && !settles) await eventually(() => expect(heard(), `${each.name} ${each.id}`).not.toBe(''))
  if (settles) await world.settle()
  return `${answer}${heard()}`
    .replaceAll(String(adas), 'N')
    .replaceAll(String(carls), 'N')
    .replaceAll(String(ABSENT), 'N')
    .replaceAll(new RegExp(`${place.view}|${place.channel}|[0-9a-f]{8}(?=\\))`, 'g'), '…')
}

const hintsOf = (ticket: number) => ({
  ...{ ticket, assignee: null, score: 5, event: 1, note: 1, mail: heldMailOf(ticket), last: null },
  typed: `solve ${ticket}`,
  talk: '00000000-0000-4000-8000-000000000000',
})
// A held mail that nobody has is the absent one.
const heldMailOf = (ticket: number) => (ticket === ABSENT ? ABSENT : heldMail)

function action({ id, actor, ticket }: Try, place: { trigger: string; channel: string }): object {
  return {
    type: 'block_actions',
    ...common(actor),
    trigger_id: place.trigger,
    response_url: '',
    channel: { id: place.channel, name: 'x' },
    container: { type: 'message', message_ts: '1.1', channel_id: place.channel },
    message: { ts: '1.1', text: 'x' },
    actions: [
      {
        ...{ type: 'button', action_id: id, block_id: 'b', action_ts: `${presses}.0` },
        value: JSON.stringify(hintsOf(ticket)),
        text: { type: 'plain_text', text: 'x' },
      },
    ],
  }
}

function submission({ id, actor, ticket }: Try, hints: object, viewId: string): object {
  const text = (value: string) => ({ type: 'plain_text_input', value })
  const values = {
    reply: { reply: text('Forbidden words'), files: { type: 'file_input', files: [] } },
    comment: { comment: text('Forbidden words') },
    add: { add: text('mallory@evil.example') },
    name: { name: text('Evil') },
    domains: { domains: text('evil.example') },
    members: { members: text('') },
    access: { access: { type: 'radio_buttons', selected_option: { value: 'all' } } },
    code: { code: text('123456') },
    address: { address: text('mallory@evil.example') },
    requester: { requester: { type: 'users_select', selected_user: ADA } },
  }
  return {
    type: 'view_submission',
    ...common(actor),
    trigger_id: `2.${presses}`,
    response_urls: [],
    view: {
      ...{ id: viewId, type: 'modal', callback_id: id, hash: 'h', blocks: [], root_view_id: viewId },
      private_metadata: JSON.stringify({ ...hintsOf(ticket), organization: null, channel: GENERAL, ...hints }),
      title: { type: 'plain_text', text: 'x' },
      state: { values },
    },
  }
}

function common({ id, team }: Actor): object {
  return {
    user: { id, team_id: team, username: 'x', name: 'x' },
    team: { id: team, domain: 'x' },
    api_app_id: 'A0DESKHAND',
    token: 'x',
  }
}

function post(payload: object): Promise<string> {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  return send(body, 'application/x-www-form-urlencoded')
}

function postJson(payload: object): Promise<string> {
  return send(JSON.stringify(payload), 'application/json')
}

async function send(body: string, contentType: string): Promise<string> {
  const at = Math.floor(Date.now() / 1000)
  const signed = createHmac('sha256', world.signingSecret).update(`v0:${at}:${body}`).digest('hex')
  const headers = {
    'content-type': contentType,
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${signed}`,
  }
  const response = await fetch(`${world.url}/slack/events`, { method: 'POST', headers, body })
  if (response.status !== 200 && contentType.includes('form')) throw new Error(`Slack was answered ${response.status}`)
  return response.text()
}
