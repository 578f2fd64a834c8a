import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import {
  answer,
  ask,
  cardOf,
  fillIn,
  modalOf,
  publicWords,
  rootOf,
  statusOf,
  technical,
  under,
} from '../slack/scenes.ts'
import { buttonIn, dmOf, press } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

const BOT = 'U0DESKHAND'
let world: World
let number: number

beforeAll(async () => {
  const prepare = ({ state }: World['slack']) => void state.channel(GENERAL)!.members.push(BOT)
  world = await startWorld({ mode: 'socket', prepare })
  await world.slack.people.openDm(ADA)
})
afterAll(() => world?.stop())
beforeEach(async () => {
  for (let open = world.slack.state.modal(ADA); open; open = world.slack.state.modal(ADA))
    await world.slack.people.close(ADA, open.view.id)
  await world.settle()
  await world.db.query('delete from drafts where ticket_id is null')
  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
  number = await ask(world, ADA, `Tray ${Math.random()}`)
})

test('an edit of one line changes that line in the comment, as often as it is edited, and nobody is told twice', async () => {
  const [, second] = await added('Teh tray', 'jams &amp; squeks', 'since noon')
  await edit(second!, 'jams &amp; squeaks')
  expect(await last()).toBe('Teh tray\njams &amp; squeaks\nsince noon')
  await edit(second!, 'squeaks,\nbadly')
  expect(await last()).toBe('Teh tray\nsqueaks,\nbadly\nsince noon')
  expect(await happened('edited')).toMatchObject([
    { before: 'Teh tray\njams &amp; squeks\nsince noon', line: second },
    { before: 'Teh tray\njams &amp; squeaks\nsince noon', line: second },
  ])
  // Staff and who opens the request's own thread read it as it is now.
  for (const [root, viewer] of [[cardOf(world, number), KOFI] as const, [rootOf(world, ADA, number), ADA] as const]) {
    const shown = under(world, root, viewer).map(wordsOf).join('\n')
    expect(shown).toContain('badly')
    expect(shown).not.toContain('squeks')
  }

  // Slack sends everything once more: the older edit comes after the newer one.
  await world.slack.faults.redeliver(20)
  await world.settle()
  expect(await last()).toBe('Teh tray\nsqueaks,\nbadly\nsince noon')
  expect(await happened('edited')).toHaveLength(2)
})

test('of two lines with the same words each is itself', async () => {
  const [first, second, third] = await added('yes', 'yes', 'yes')
  await edit(second!, 'no')
  expect(await last()).toBe('yes\nno\nyes')
  await remove(first!)
  expect(await last()).toBe('no\nyes')
  await edit(third!, 'maybe')
  expect(await last()).toBe('no\nmaybe')
})

test('a deletion takes the line and its file away; when no line is left, the comment is a deleted one', async () => {
  const words = await said('See this')
  const png = { name: 'pw.png', mimetype: 'image/png', bytes: Buffer.from('secret') }
  const txt = { name: 'log.txt', mimetype: 'text/plain', bytes: Buffer.from('log') }
  const secret = await said('My password is hunter2', [png])
  const file = await said('', [txt])
  await add()
  const link = await eventually(async () => {
    await world.settle()
    const found = /"(http[^"]*\/files\/[^"]*pw\.png)"/.exec(JSON.stringify(underCard('hunter2')))?.[1]
    expect(found).toBeDefined()
    return found!
  })
  expect((await fetch(link)).status).toBe(200)
  await eventually(() => expect(copies('pw.png')).toBe(1))
  await remove(secret)
  expect(await last()).toBe('See this')
  expect(underCard('hunter2')).toEqual([])
  expect(underCard('pw.png')).toEqual([])
  expect((await fetch(link)).status).toBe(404)
  await eventually(() => expect(copies('pw.png')).toBe(0))
  expect(copies('log.txt')).toBe(1)

  await remove(words)
  expect(await last()).toBe('') // the other file is still there
  expect(underCard('log.txt')).not.toEqual([])
  await remove(file)
  expect(underCard('log.txt')).toEqual([])
  expect(underCard('removed this message')).toHaveLength(1)
  expect(await happened('deleted')).toHaveLength(1)
  expect(wordsOf(under(world, rootOf(world, ADA, number), ADA).at(-1)!)).not.toContain('See this')
  await edit(words, 'It is not here any more').catch(() => {})
  expect(underCard('any more')).toEqual([])
})

test('edits of several lines while they are becoming a comment, all at once, are all in it', async () => {
  const lines = [await said('oen'), await said('tow'), await said('three')]
  const other = await world.db.connect()
  await other.query('begin')
  await other.query('select from tickets where id = $1 for update', [number])
  const pressed = choose()
  await waiting(1)
  const edits = [world.slack.people.edit(ADA, dmOf(world, ADA), lines[0]!, 'one')]
  edits.push(world.slack.people.edit(ADA, dmOf(world, ADA), lines[1]!, 'two'))
  edits.push(world.slack.people.delete(ADA, dmOf(world, ADA), lines[2]!))
  await waiting(4)
  await other.query('commit')
  other.release()
  await Promise.all([pressed, ...edits])
  await world.settle()
  await eventually(async () => expect(await last()).toBe('one\ntwo'))
})

test('a line that comes while the ones before it are being settled is a question of its own', async () => {
  await said('The lamp')
  const asked = questions().at(-1)!
  const other = await world.db.connect()
  await other.query('begin')
  await other.query('update talks set settled_at = now() where id = $1', [talkIn(asked)])
  const posted = world.slack.people.post(ADA, dmOf(world, ADA), { text: 'is out' })
  await waiting(1)
  await other.query('commit')
  other.release()
  await posted
  await world.settle()
  const { rows } = await world.db.query('select text from talk_words where talk_id = $1', [talkIn(questions().at(-1)!)])
  expect(rows).toEqual([{ text: 'is out' }])
})

test('lines that began a description follow where they still stand in it, also when they were edited while it was filled in', async () => {
  const lines = [await said('Hello'), await said('teh printer'), await said('yes'), await said('yes')]
  await openForm()
  const { view } = await modalOf(world, ADA)
  await fillIn(world, ADA, view.id, technical('Printer').slice(0, 4))
  await edit(lines[1]!, 'the printer')
  const description = 'Good morning\nteh printer\nin room 5\nyes\nyes\nRegards'
  number = await send(view.id, description)
  expect(await last()).toBe('Good morning\nthe printer\nin room 5\nyes\nyes\nRegards')
  await edit(lines[3]!, 'no')
  expect(await last()).toBe('Good morning\nthe printer\nin room 5\nyes\nno\nRegards')
  await remove(lines[1]!)
  expect(await last()).toBe('Good morning\nin room 5\nyes\nno\nRegards')
  // What its author wrote over is theirs.
  await edit(lines[0]!, 'Goodbye')
  expect(await last()).toBe('Good morning\nin room 5\nyes\nno\nRegards')
  expect(await happened('edited')).toHaveLength(2)
})

test('more words than a description holds come along, and follow as well', async () => {
  const long = 'word '.repeat(700).trim()
  const lines = [await said('My password is hunter3'), await said(long)]
  await openForm()
  const { view } = await modalOf(world, ADA)
  await fillIn(world, ADA, view.id, technical('Long').slice(0, 4))
  number = await send(view.id, 'It is long.')
  expect(await last()).toBe(`It is long.\n\nFrom Slack:\n\nMy password is hunter3\n${long}`)
  await remove(lines[0]!)
  expect(await last()).toBe(`It is long.\n\nFrom Slack:\n\n${long}`)
})

test('a line with our name in a channel is edited without it', async () => {
  const posted = await world.slack.people.post(ADA, GENERAL, { text: 'teh lift', mentions: [BOT] })
  const { ts } = posted as { ts: string }
  await world.settle()
  const told = await eventually(() => {
    const found = world.slack.state.ephemerals(ADA).at(-1)
    expect(found?.text).toContain('become a request')
    return found!
  })
  await press(world, ADA, told, 'way-in.open')
  const { view } = await modalOf(world, ADA)
  await fillIn(world, ADA, view.id, technical('Lift').slice(0, 4))
  number = await send(view.id, 'teh lift\nis stuck')
  expect(await world.slack.people.edit(ADA, GENERAL, ts, 'the lift')).toEqual({ ok: true })
  await world.settle()
  expect(await last()).toBe('the lift\nis stuck')
})

test('what a message shortcut brought is a copy: it stays as it was quoted, the own line of whoever pressed as well', async () => {
  const { ts: root } = (await world.slack.people.post(BRUNO, GENERAL, { text: 'It leaks' })) as { ts: string }
  const own = await world.slack.people.post(ADA, GENERAL, { text: 'I see it', threadTs: root })
  await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId: GENERAL, ts: root })
  const { view } = await modalOf(world, ADA)
  await fillIn(world, ADA, view.id, technical('Leak').slice(0, 4))
  number = await send(view.id, 'It leaks')
  const before = await last()
  expect(before).toMatch(/^It leaks\n\nFrom Slack.*> It leaks\n.*> I see it$/s)
  await world.slack.people.edit(BRUNO, GENERAL, root, 'It does not leak')
  await world.slack.people.edit(ADA, GENERAL, (own as { ts: string }).ts, 'I saw it')
  await world.slack.people.delete(BRUNO, GENERAL, root)
  await world.settle()
  expect(await last()).toBe(before)
  expect([...(await happened('edited')), ...(await happened('deleted'))]).toEqual([])
  expect((await world.db.query(`select from talk_words where text = 'It leaks'`)).rowCount).toBe(0)
})

test('on a closed request the same holds as for any other message: the words change, the status does not', async () => {
  const [first] = await added('The clasp is lose', 'on the left')
  await answer(world, KOFI, number, 'Bring it in.')
  await press(world, KOFI, cardOf(world, number), 'ticket.solve')
  await world.push(6 * 24 * 3_600_000)
  expect(await statusOf(world, number)).toBe('closed')
  await edit(first!, 'The clasp is loose')
  expect(await publicWords(world, number)).toContain('The clasp is loose\non the left')
  expect(await statusOf(world, number)).toBe('closed')

  // And a month later the desk has forgotten where it stood.
  await world.db.query(`update tickets set closed_at = closed_at - interval '40 days' where id = $1`, [number])
  await world.db.query(`update talks set last_at = last_at - interval '40 days'`)
  const kept = async () => (await world.db.query(`select from talk_words where text = 'on the left'`)).rowCount
  await said('Something else')
  expect(await kept()).toBe(0)
})

test('of a request that is still worked on it is known after a month where its lines stand', async () => {
  const [first] = await added('The hinge is lose', 'below')
  await world.db.query(`update talks set last_at = last_at - interval '40 days'`)
  await said('Something else')
  await edit(first!, 'The hinge is loose')
  expect(await last()).toBe('The hinge is loose\nbelow')
})

type File = { name: string; mimetype: string; bytes: Buffer }

async function said(text: string, files: File[] = []): Promise<string> {
  const sent = await world.slack.people.post(ADA, dmOf(world, ADA), { text, files })
  expect(sent).toMatchObject({ ok: true })
  await world.settle()
  return (sent as { ts: string }).ts
}

/** Lines in the DM that become part of the request, in one comment; their timestamps. */
async function added(...texts: string[]): Promise<string[]> {
  const lines: string[] = []
  for (const text of texts) lines.push(await said(text))
  await add()
  return lines
}

async function add(): Promise<void> {
  expect(await choose()).toMatchObject({ ok: true })
  await world.settle()
}

function choose() {
  const question = questions().at(-1)!
  return world.slack.people.click(ADA, { channelId: question.channel, ts: question.ts }, 'way-in.add', {
    value: JSON.stringify({ talk: talkIn(question), ticket: number }),
  })
}

async function openForm(): Promise<void> {
  await press(world, ADA, questions().at(-1)!, 'way-in.open')
}

async function send(viewId: string, description: string): Promise<number> {
  await fillIn(world, ADA, viewId, [{ experience: '2', description }])
  const sent = await modalOf(world, ADA, 'intake.sent')
  await world.settle()
  return Number(/#(\d+)/.exec(JSON.stringify(sent.view.blocks))![1])
}

async function edit(ts: string, text: string): Promise<void> {
  expect(await world.slack.people.edit(ADA, dmOf(world, ADA), ts, text)).toEqual({ ok: true })
  await world.settle()
}

async function remove(ts: string): Promise<void> {
  expect(await world.slack.people.delete(ADA, dmOf(world, ADA), ts)).toEqual({ ok: true })
  await world.settle()
}

/** Resolves when so many wait for another's transaction to end. */
async function waiting(count: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await world.db.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    expect(rows.length).toBeGreaterThanOrEqual(count)
  })
}

const questions = () =>
  world.slack.state.messages(dmOf(world, ADA), { viewer: ADA }).filter((message) => buttonIn(message, 'way-in.open'))
const talkIn = (message: SeenMessage) => /talk[^0-9a-f]+([0-9a-f-]{36})/.exec(JSON.stringify(message.blocks))![1]!
const last = async () => {
  const { rows } = await world.db.query('select text from comments where ticket_id = $1 order by id desc limit 1', [
    number,
  ])
  return rows[0].text
}
const underCard = (words: string) =>
  under(world, cardOf(world, number), KOFI).filter((message) => wordsOf(message).includes(words))
const copies = (name: string) =>
  under(world, cardOf(world, number), KOFI)
    .flatMap(({ fileObjects }) => fileObjects)
    .filter((file) => file.name === name).length
const happened = async (type: string) =>
  (
    await world.db.query('select data from events where ticket_id = $1 and type = $2 order by id', [number, type])
  ).rows.map(({ data }) => data)
