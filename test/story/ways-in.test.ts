import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { SeenMessage } from '../../src/sandbox/slack/types.ts'
import { ask, cardOf, fillIn, modalOf, publicWords, rootOf, technical, under } from '../slack/scenes.ts'
import { buttonIn, dmOf, mailsTo, press } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

const BOT = 'U0DESKHAND'
const GUS = 'U0GUS'
let world: World

beforeAll(async () => {
  const prepare = ({ state }: World['slack']) => {
    for (const member of [BOT, KOFI])
      if (!state.channel(GENERAL)!.members.includes(member)) state.channel(GENERAL)!.members.push(member)
    const guest = { tz: 'Europe/Berlin', locale: 'en-GB', isRestricted: true }
    state.people().push({ ...guest, id: GUS, name: 'gus', realName: 'Gus Guest', email: 'gus@guest.example' })
  }
  world = await startWorld({ mode: 'socket', prepare })
  await world.slack.people.openDm(ADA)
})
afterAll(() => world?.stop())
beforeEach(async () => {
  for (const user of [ADA, BRUNO, KOFI])
    for (let open = world.slack.state.modal(user); open; open = world.slack.state.modal(user))
      await world.slack.people.close(user, open.view.id)
  await world.settle()
  await world.db.query('delete from drafts where ticket_id is null')
  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
})

test('a row of lines in the DM is asked about once, fills the description, and the question says what became of it', async () => {
  await dm('Hello')
  await dm('my printer burns &amp; smokes')
  await dm('since noon', [{ name: 'smoke.png', mimetype: 'image/png', bytes: Buffer.from('smoke') }])
  const [question, ...more] = questions()
  expect(more).toEqual([])
  expect(question!.text).toBe('Shall this become a request? Nobody has read it yet.')

  await press(world, ADA, question!, 'way-in.open')
  const { view } = await modalOf(world, ADA)
  expect(JSON.stringify(view.blocks)).toContain('Comes along: 1 file.')
  await fillIn(world, ADA, view.id, technical('Smoke').slice(0, 4))
  expect(JSON.stringify(world.slack.state.modal(ADA)!.view.blocks)).toContain(
    'Hello\\nmy printer burns &amp; smokes\\nsince noon',
  )
  const number = await send(view.id, { experience: '2', description: 'It burns.' })
  expect(await publicWords(world, number)).toEqual(['It burns.'])
  const { rows } = await world.db.query(
    'select f.name from attachments f join comments m on m.id = f.comment_id where m.ticket_id = $1',
    [number],
  )
  expect(rows).toEqual([{ name: 'smoke.png' }])
  const settled = await eventually(() => {
    const found = inDm().find(({ ts }) => ts === question!.ts)!
    expect(found.text).toContain(`This is request #${number} now`)
    return found
  })
  expect(buttonIn(settled, 'way-in.open')).toBe(false)
})

test('the lines become part of an open request, once, and of nobody else’s', async () => {
  const number = await ask(world, ADA, 'The till is stuck')
  const brunos = await ask(world, BRUNO, 'The door is stuck')
  await dm('It is the left one')
  await dm('at the entrance')
  const question = questions().at(-1)!
  const options = JSON.stringify(question.blocks)
  expect(options).toContain(`#${number} The till is stuck`)
  expect(options).not.toContain(`#${brunos}`)
  const add = (ticket: number) =>
    world.slack.people.click(ADA, { channelId: question.channel, ts: question.ts }, 'way-in.add', {
      value: JSON.stringify({ talk: talkIn(question), ticket }),
    })
  await add(number)
  await world.settle()
  expect(await publicWords(world, number)).toContain('It is the left one\nat the entrance')
  await eventually(() => {
    expect(inDm().find(({ ts }) => ts === question.ts)!.text).toContain(`Added to request #${number}`)
  })
  // Who opens the request's thread finds there what they said outside of it.
  await eventually(() => {
    expect(
      under(world, rootOf(world, ADA, number), ADA)
        .map(wordsOf)
        .join('\n'),
    ).toContain('It is the left one')
  })
})

test('a line that is deleted at the very moment the others become part of a request is not', async () => {
  const number = await ask(world, ADA, 'The drawer is stuck')
  await dm('It is the upper one')
  const secret = await dm('My password is hunter4')
  const question = questions().at(-1)!
  const other = await world.db.connect()
  await other.query('begin')
  await other.query('delete from talk_words where ts = $1', [secret])
  const pressed = world.slack.people.click(ADA, { channelId: question.channel, ts: question.ts }, 'way-in.add', {
    value: JSON.stringify({ talk: talkIn(question), ticket: number }),
  })
  await eventually(async () => {
    const { rows } = await world.db.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)
    expect(rows.length).toBeGreaterThan(0)
  })
  await other.query('commit')
  other.release()
  await pressed
  await world.settle()
  await eventually(async () => expect(await publicWords(world, number)).toHaveLength(2))
  expect(await publicWords(world, number)).toContain('It is the upper one')
})

test('what was deleted or edited before it was brought is not, or is as it is now; neither sends nothing', async () => {
  await dm('one')
  const two = await dm('My password is hunter2')
  const three = await dm('thre')
  expect(await world.slack.people.delete(ADA, dmOf(world, ADA), two)).toEqual({ ok: true })
  expect(await world.slack.people.edit(ADA, dmOf(world, ADA), three, 'three')).toEqual({ ok: true })
  await world.settle()
  const { rows } = await world.db.query('select text from talk_words where talk_id = $1 order by ts', [
    talkIn(questions().at(-1)!),
  ])
  expect(rows).toEqual([{ text: 'one' }, { text: 'three' }])
  const question = questions().at(-1)!
  await press(world, ADA, question, 'way-in.drop')
  await eventually(() => expect(inDm().find(({ ts }) => ts === question.ts)!.text).toContain('Nothing was sent'))
  expect((await world.db.query('select from talk_words where talk_id = $1', [talkIn(question)])).rowCount).toBe(0)
})

test('however many lines somebody writes while they cannot be answered, everybody else is', async () => {
  const other = await world.db.connect()
  await other.query('begin')
  await other.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [
    `${world.product.forSamples.teamId}/${ADA}`,
  ])
  const lines = Array.from({ length: 20 }, (_, n) => `Line ${n} of many`)
  const posted = lines.map((text) => world.slack.people.post(ADA, dmOf(world, ADA), { text }))
  try {
    await eventually(async () => {
      const { rows } = await world.db.query(`select from pg_locks where locktype = 'advisory' and not granted`)
      expect(rows.length).toBeGreaterThan(0)
    })
    await world.slack.people.slash(BRUNO, GENERAL, '/ticket', 'help')
    await eventually(() => expect(world.slack.state.ephemerals(BRUNO).at(-1)!.text).toContain('/ticket'))
    await ask(world, BRUNO, 'Meanwhile')
  } finally {
    await other.query('rollback')
    other.release()
    await Promise.all(posted)
    await world.settle()
  }
  await eventually(async () => {
    const { rows } = await world.db.query(`select count(*)::int as n from talk_words where text like 'Line % of many'`)
    expect(rows).toEqual([{ n: 20 }])
  })
})

test('mere thanks in the DM are not asked about', async () => {
  const before = questions().length
  await dm('Thanks a lot! 🙏')
  expect(questions()).toHaveLength(before)
})

test('our name in a channel is answered to its writer alone, with a button that brings the words', async () => {
  await world.slack.people.post(ADA, GENERAL, { text: 'x' })
  const posted = world.slack.state.messages(GENERAL, { viewer: ADA }).length
  await world.slack.people.post(ADA, GENERAL, { text: 'y' })
  await mention('The lift is stuck')
  const told = await eventually(() => {
    const last = world.slack.state.ephemerals(ADA).at(-1)!
    expect(last.text).toContain('Shall this become a request?')
    return last
  })
  expect(world.slack.state.ephemerals(BRUNO).some(({ text }) => /become a request/.test(text))).toBe(false)
  expect(posted).toBeGreaterThan(0)
  expect(wordsOf(told)).not.toContain('way-in.add')
})

test('X23: a message shortcut brings the thread, who said what in order, and its files', async () => {
  const root = await post(BRUNO, 'The coffee machine leaks')
  await world.slack.people.post(ADA, GENERAL, { text: 'moved it', mentions: [BRUNO], threadTs: root })
  await post(KOFI, 'Turn it off', root, [{ name: 'leak.txt', mimetype: 'text/plain', bytes: Buffer.from('drip') }])
  expect(
    await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId: GENERAL, ts: root }),
  ).toEqual({ ok: true })
  const { view } = await modalOf(world, ADA)
  expect(JSON.stringify(view.blocks)).toContain('Comes along: the thread with 3 messages and 1 file.')
  // Slack's own id of the message, and nothing that was said, is in what the modal carries.
  expect(view.privateMetadata).not.toContain('coffee')
  await fillIn(world, ADA, view.id, technical('Coffee').slice(0, 4))
  expect(JSON.stringify(world.slack.state.modal(ADA)!.view.blocks)).toContain('The coffee machine leaks')
  const number = await send(view.id, { experience: '2', description: 'It leaks.' })
  const [words] = await publicWords(world, number)
  expect(words).toMatch(
    /^It leaks\.\n\nFrom Slack, #general:\n\nBruno[^\n]*:\n> The coffee machine leaks\n\nAda[^\n]*:\n> @Bruno Dias moved it\n\nKofi[^\n]*:\n> Turn it off\n> \[leak\.txt\]$/,
  )
  await eventually(async () => {
    const { rows } = await world.db.query(
      'select f.name, f.sha256 is not null as stored from attachments f join comments m on m.id = f.comment_id where m.ticket_id = $1',
      [number],
    )
    expect(rows).toEqual([{ name: 'leak.txt', stored: true }])
  })
})

test('where the app cannot read, only the message comes along, and the form says so', async () => {
  const { channelId } = (await world.slack.people.openDm(ADA, BRUNO)) as { channelId: string }
  const { ts } = (await world.slack.people.post(BRUNO, channelId, { text: 'The window is open' })) as { ts: string }
  await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId, ts })
  const { view } = await modalOf(world, ADA)
  expect(JSON.stringify(view.blocks)).toContain('Only this message comes along')
  await fillIn(world, ADA, view.id, technical('Window').slice(0, 4))
  const number = await send(view.id, { experience: '2', description: 'Close it.' })
  const [words] = await publicWords(world, number)
  expect(words).toContain('> The window is open')
  expect(words).toContain('could not be read')
  expect(words).toMatch(/From Slack:\n/)
})

test('an agent opens one for the author: it is the author’s, in their thread and by mail, and says who opened it', async () => {
  const ts = await post(ADA, 'I cannot log in')
  await world.slack.people.messageShortcut(KOFI, 'ticket_from_message', { channelId: GENERAL, ts })
  const asked = await modalOf(world, KOFI, 'intake.requester')
  expect(JSON.stringify(asked.view.blocks)).toContain(`"initial_user":"${ADA}"`)
  expect(await world.slack.people.submit(KOFI, asked.view.id, { requester: ADA })).toMatchObject({ ok: true })
  const { view } = await modalOf(world, KOFI)
  expect(JSON.stringify(view.blocks)).toContain('For Ada')
  const mails = mailsTo(world, 'ada@acme.example').length
  await fillIn(world, KOFI, view.id, technical('Login').slice(0, 4))
  const number = await send(view.id, { experience: '2', description: 'She cannot log in.' }, KOFI)
  await world.settle()
  expect(wordsOf(rootOf(world, ADA, number))).toContain('Login')
  expect(mailsTo(world, 'ada@acme.example')).toHaveLength(mails + 1)
  expect(wordsOf(under(world, cardOf(world, number), KOFI)[0]!)).toMatch(/Kofi Mensah opened this for Ada/)
  const { rows } = await world.db.query(
    `select c.name, e.actor_kind from tickets t join contacts c on c.id = t.requester_id
     join events e on e.ticket_id = t.id and e.type = 'opened' where t.id = $1`,
    [number],
  )
  expect(rows).toEqual([{ name: expect.stringContaining('Ada'), actor_kind: 'agent' }])
})

test('in a form for somebody else nobody shows that a store is theirs, and it stays for whom it was', async () => {
  const ts = await post(ADA, 'The till is stuck')
  await world.slack.people.messageShortcut(KOFI, 'ticket_from_message', { channelId: GENERAL, ts })
  const asked = await modalOf(world, KOFI, 'intake.requester')
  await world.slack.people.submit(KOFI, asked.view.id, { requester: ADA })
  const { view } = await modalOf(world, KOFI)
  expect(JSON.stringify(view.blocks)).toContain('For Ada')
  expect(JSON.stringify(view.blocks)).not.toContain('intake.access')
  // A window from before, with the button in it.
  const hers = await fetchDraft(KOFI)
  await world.slack.people.close(KOFI, view.id, 'all')
  await world.slack.people.slash(KOFI, GENERAL, '/ticket')
  const his = await modalOf(world, KOFI)
  his.view.privateMetadata = JSON.stringify({ draft: hers, page: 'identification' })
  await world.slack.people.click(KOFI, { viewId: his.view.id }, 'intake.access')
  await eventually(() => expect(JSON.stringify(world.slack.state.modal(KOFI)!.view.blocks)).toContain('For Ada'))
  await world.slack.people.close(KOFI, his.view.id, 'all')
})

test('of a thread with dozens of files as many come along as are said to, and the others are named as left out', async () => {
  const root = await post(BRUNO, 'Every invoice')
  for (const batch of [0, 1, 2, 3])
    await post(
      BRUNO,
      `Batch ${batch}`,
      root,
      Array.from({ length: 10 }, (_, n) => ({
        name: `invoice-${batch}${n}.txt`,
        mimetype: 'text/plain',
        bytes: Buffer.from(`${batch}${n}`),
      })),
    )
  await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId: GENERAL, ts: root })
  const { view } = await modalOf(world, ADA)
  expect(JSON.stringify(view.blocks)).toContain('the thread with 5 messages and 30 files')
  expect(JSON.stringify(view.blocks)).toContain('10 more files do not come along')
  await fillIn(world, ADA, view.id, technical('Invoices').slice(0, 4))
  const number = await send(view.id, { experience: '2', description: 'All of them.' })
  const { rows } = await world.db.query(
    'select f.name from attachments f join comments m on m.id = f.comment_id where m.ticket_id = $1 order by f.id',
    [number],
  )
  expect(rows).toHaveLength(30)
  const [words] = await publicWords(world, number)
  expect(words).toContain('> [invoice-29.txt]')
  expect(words).toContain('> [invoice-30.txt: left out]')
})

test('of a private channel nothing goes into the request of somebody else but their own words', async () => {
  const posted = await world.slack.people.post(KOFI, TRIAGE, { text: 'Ada is our worst client' })
  const { ts } = posted as { ts: string }
  await world.slack.people.messageShortcut(KOFI, 'ticket_from_message', { channelId: TRIAGE, ts })
  const asked = await modalOf(world, KOFI, 'intake.requester')
  await world.slack.people.submit(KOFI, asked.view.id, { requester: ADA })
  const { view } = await modalOf(world, KOFI)
  await fillIn(world, KOFI, view.id, technical('Worst').slice(0, 4))
  expect(JSON.stringify(world.slack.state.modal(KOFI)!.view.blocks)).not.toContain('worst client')
  const number = await send(view.id, { experience: '2', description: 'She asks.' }, KOFI)
  const [words] = await publicWords(world, number)
  expect(words).not.toContain('worst client')
  expect(words).toContain('1 message left out')
})

test('of a public channel a guest who is not in it gets their own words only; one who is in it reads the thread', async () => {
  const ts = await post(BRUNO, 'Gus is our worst client')
  expect(await broughtFor(GUS, GENERAL, ts)).toEqual([])
  world.slack.state.channel(GENERAL)!.members.push(GUS)
  await world.slack.people.leave(BRUNO, GENERAL) // who is in it was asked a moment ago; Slack tells of changes
  await world.settle()
  expect(await broughtFor(GUS, GENERAL, ts)).toEqual(['Gus is our worst client'])
  await world.slack.people.join(BRUNO, GENERAL)
})

test('what the team says in a triage channel that is public is nobody else’s either', async () => {
  const channel = world.slack.state.channel(TRIAGE)!
  channel.kind = 'public'
  const { ts } = (await world.slack.people.post(KOFI, TRIAGE, { text: 'Ada is our worst client' })) as { ts: string }
  expect(await broughtFor(ADA, TRIAGE, ts)).toEqual([])
  channel.kind = 'private'
})

test('what was deleted meanwhile does not come along, whether others had answered it or it was a reply on a request', async () => {
  const { channel, ts: thread } = rootOf(world, ADA, await ask(world, ADA, 'The gate'))
  const root = await post(BRUNO, 'The password is hunter2')
  await post(KOFI, 'Do not say that here', root)
  await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId: GENERAL, ts: root })
  await modalOf(world, ADA)
  const kept = async () => (await world.db.query(`select text from talk_words where text like '%hunter%'`)).rows.length
  expect(await kept()).toBe(1)
  await world.slack.people.delete(BRUNO, GENERAL, root)
  await world.settle()
  expect(await kept()).toBe(0)

  const posted = await world.slack.people.post(ADA, channel, { text: 'The code is hunter3', threadTs: thread })
  const { ts } = posted as { ts: string }
  await world.settle()
  await world.slack.people.messageShortcut(ADA, 'ticket_from_message', { channelId: channel, ts })
  await eventually(async () => expect(await kept()).toBe(1))
  await world.slack.people.delete(ADA, channel, ts)
  await world.settle()
  expect(await kept()).toBe(0)
})

test('who is no agent any more opens nothing for others, whatever their modal says', async () => {
  const ts = await post(ADA, 'I cannot print')
  await world.slack.people.messageShortcut(KOFI, 'ticket_from_message', { channelId: GENERAL, ts })
  const asked = await modalOf(world, KOFI, 'intake.requester')
  await world.slack.people.submit(KOFI, asked.view.id, { requester: ADA })
  const { view } = await modalOf(world, KOFI)
  await fillIn(world, KOFI, view.id, technical('Print').slice(0, 4))
  await world.slack.people.leave(KOFI, TRIAGE)
  await world.settle()
  const before = (await world.db.query('select count(*)::int from tickets')).rows[0].count
  await world.slack.people.submit(KOFI, view.id, { experience: '2', description: 'x' })
  await world.settle()
  expect((await world.db.query('select count(*)::int from tickets')).rows[0].count).toBe(before)
})

type File = { name: string; mimetype: string; bytes: Buffer }

async function dm(text: string, files: File[] = []): Promise<string> {
  const sent = await world.slack.people.post(ADA, dmOf(world, ADA), { text, files })
  await world.settle()
  return (sent as { ts: string }).ts
}

async function post(user: string, text: string, threadTs?: string, files: File[] = []): Promise<string> {
  const message = { text, files, ...(threadTs ? { threadTs } : {}) }
  const sent = await world.slack.people.post(user, GENERAL, message)
  expect(sent).toMatchObject({ ok: true })
  await world.settle()
  return (sent as { ts: string }).ts
}

/** Kofi begins a request for somebody from a message; answers with the words that come along. */
async function broughtFor(requester: string, channelId: string, ts: string): Promise<string[]> {
  await world.slack.people.messageShortcut(KOFI, 'ticket_from_message', { channelId, ts })
  const asked = await modalOf(world, KOFI, 'intake.requester')
  await world.slack.people.submit(KOFI, asked.view.id, { requester })
  const { view } = await modalOf(world, KOFI)
  await world.slack.people.close(KOFI, view.id, 'all')
  const { rows } = await world.db.query(
    `select w.text from drafts d join talk_words w using (talk_id)
     where d.user_id = $1 and d.requester_id is not null and d.ticket_id is null`,
    [KOFI],
  )
  return rows.map(({ text }) => text)
}

/** The draft that this person fills in for somebody else. */
async function fetchDraft(user: string): Promise<string> {
  const { rows } = await world.db.query(
    'select id from drafts where user_id = $1 and requester_id is not null and ticket_id is null order by updated_at desc limit 1',
    [user],
  )
  return rows[0].id
}

async function mention(text: string) {
  await world.slack.people.post(ADA, GENERAL, { text, mentions: [BOT] })
  await world.settle()
}

async function send(viewId: string, values: Record<string, string>, user = ADA): Promise<number> {
  await fillIn(world, user, viewId, [values])
  const sent = await modalOf(world, user, 'intake.sent')
  await world.settle()
  return Number(/#(\d+)/.exec(JSON.stringify(sent.view.blocks))![1])
}

const inDm = () => world.slack.state.messages(dmOf(world, ADA), { viewer: ADA })
const questions = () => inDm().filter((message) => buttonIn(message, 'way-in.open'))
const talkIn = (message: SeenMessage) => /talk[^0-9a-f]+([0-9a-f-]{36})/.exec(JSON.stringify(message.blocks))![1]!
