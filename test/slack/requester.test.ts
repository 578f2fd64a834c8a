import { afterAll, beforeAll, expect, test } from 'vitest'
import { lastMailTo } from '../support/acting.ts'
import { ADA, BRUNO, eventually, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { answer, ask, cardOf, drawnAgain, modalOf, publicWords, rootOf, statusOf, toldTo, under } from './scenes.ts'

const HOUR = 3_600_000
let world: World
let number: number
let other: number

beforeAll(async () => {
  world = await startWorld({ mode: 'http' })
  number = await ask(world, ADA, 'The printer burns')
  other = await ask(world, ADA, 'The till is stuck')
})
afterAll(() => world?.stop())

const root = () => rootOf(world, ADA, number)
const notices = () => under(world, root(), ADA).filter(({ author }) => author.isBot)
const click = (user: string, message: { channel: string; ts: string }, actionId: string) =>
  world.slack.people.click(user, { channelId: message.channel, ts: message.ts }, actionId)
const say = (text: string, more: object = {}) =>
  world.slack.people.post(ADA, root().channel, { text, threadTs: root().ts, ...more })
const becomes = async (status: string) => {
  await eventually(async () => expect(await statusOf(world, number)).toBe(status))
  await world.settle()
}
/** The buttons of a message, without the menu beside its status. */
const buttons = (message: { blocks?: unknown }) =>
  [...JSON.stringify(message.blocks ?? []).matchAll(/"type":"button","action_id":"([^"]+)"/g)].map((found) => found[1])
const homeText = async (user: string) => {
  await drawnAgain(world, user, () => world.slack.people.openHome(user))
  return JSON.stringify(world.slack.state.home(user)!.blocks)
}

test('each request has one thread of its own, and writing in it replies; nothing is posted of one’s own words', async () => {
  expect(root().ts).not.toBe(rootOf(world, ADA, other).ts)
  expect(buttons(root())).toEqual(['request.solve'])
  const before = notices().length
  await say('It *burns* & <!here> :fire: see https://a.example/?a=1&b=2')
  await eventually(async () =>
    expect((await publicWords(world, number)).at(-1)).toBe('It *burns* & <!here> 🔥 see https://a.example/?a=1&b=2'),
  )
  await world.settle()
  expect(notices()).toHaveLength(before)
  expect(await publicWords(world, other)).toHaveLength(1)
  const underCard = under(world, cardOf(world, number), KOFI).map(wordsOf).join()
  expect(underCard).toContain('It *burns* & <!here> 🔥')
})

test('what is said in a row is kept in that order', async () => {
  const words = Array.from({ length: 12 }, (_, index) => `sentence ${index}`)
  for (const text of words) await say(text)
  await eventually(async () => expect(await publicWords(world, number)).toHaveLength(2 + words.length))
  expect((await publicWords(world, number)).slice(2)).toEqual(words)
})

test('a reply with files, and one of files only, is kept; a file over the limit is said at once', async () => {
  const file = (name: string, size: number) => ({ name, mimetype: 'text/plain', bytes: Buffer.alloc(size, name) })
  await say('the log', { files: [file('log.txt', 10)] })
  await say('', { files: [file('only.txt', 11)] })
  await say('huge', { files: [file('<!channel> & huge.txt', 5_000_001)] })
  await eventually(async () => {
    const { rows } = await world.db.query(
      'select name, size::int, sha256 is not null as kept, refused from attachments order by id',
    )
    expect(rows).toEqual([
      { name: 'log.txt', size: 10, kept: true, refused: null },
      { name: 'only.txt', size: 11, kept: true, refused: null },
      { name: '<!channel> & huge.txt', size: 5_000_001, kept: false, refused: 'too-large' },
    ])
  })
  await eventually(() =>
    expect(toldTo(world, ADA).at(-1)).toContain('&lt;!channel&gt; &amp; huge.txt is larger than 5 MB'),
  )
  await eventually(async () => {
    await world.settle()
    expect(under(world, cardOf(world, number), KOFI).map(wordsOf).join()).toContain('too large to keep')
  })
})

test('words outside every thread are answered once, with a button that opens the form', async () => {
  const { channel } = root()
  const posted = await world.slack.people.post(ADA, channel, { text: 'hello?' })
  const hints = () =>
    world.slack.state
      .messages(channel, { viewer: ADA })
      .filter(({ text }) => text.startsWith('Shall this become a request'))
  await eventually(() => expect(hints()).toHaveLength(1))
  await world.slack.faults.redeliver(2)
  await world.settle()
  expect(hints()).toHaveLength(1)
  await click(ADA, hints()[0]!, 'way-in.open')
  const { view } = await modalOf(world, ADA)
  await world.slack.people.close(ADA, view.id)
  // Under words that no request knows there is nothing to reply to either.
  world.slack.faults.fail('chat.postMessage', { error: 'internal_error', status: 500 })
  await world.slack.people.post(ADA, channel, { text: 'and here?', threadTs: (posted as { ts: string }).ts })
  await world.slack.settled()
  await world.slack.faults.redeliver(1)
  await eventually(() =>
    expect(
      world.slack.state.all(channel).filter(({ text }) => text.startsWith('This thread does not belong')),
    ).toHaveLength(1),
  )
})

test('“This is solved” solves; Reopen, until the minute it says, opens again; both are harmless twice', async () => {
  await Promise.all([click(ADA, root(), 'request.solve'), click(ADA, root(), 'request.solve')])
  await becomes('solved')
  const { rows } = await world.db.query('select reopen_until from tickets where id = $1', [number])
  expect(buttons(root())).toEqual(['request.reopen'])
  expect(wordsOf(root())).toContain(`<!date^${Math.floor(rows[0].reopen_until.getTime() / 1000)}^`)
  expect(wordsOf(root())).toContain('press Reopen by')
  await world.push(27 * HOUR - 60_000)
  await Promise.all([click(ADA, root(), 'request.reopen'), click(ADA, root(), 'request.reopen')])
  await becomes('open')
  const events = await world.db.query(`select count(*)::int as n from events where type = 'reopened'`)
  expect(events.rows).toEqual([{ n: 1 }])
})

test('after that minute Reopen is refused with what can be done instead, before the desk has closed it', async () => {
  await click(ADA, root(), 'request.solve')
  await becomes('solved')
  await world.clock.push(27 * HOUR + 1000)
  await click(ADA, root(), 'request.reopen')
  await eventually(() =>
    expect(toldTo(world, ADA).at(-1)).toMatch(/The time to reopen request #\d+ is over\. Reply to it/),
  )
  expect(await statusOf(world, number)).toBe('solved')
  await world.push(10_000) // what was said in time may be that long on its way
  expect(await statusOf(world, number)).toBe('closed')
  expect(buttons(root())).toEqual([])
  expect(wordsOf(root())).toMatch(/🔒 Closed/)
})

test('somebody else’s request is not theirs to solve, and no agent’s button is a client’s', async () => {
  const theirs = rootOf(world, ADA, other)
  const stolen = world.slack.state.all(theirs.channel).find(({ ts }) => ts === theirs.ts)!
  const { channelId } = (await world.slack.people.openDm(BRUNO)) as { ok: true; channelId: string }
  const hint = await world.slack.people.post(BRUNO, channelId, { text: 'hi' })
  expect(hint.ok).toBe(true)
  const mine = await eventually(() => {
    const found = world.slack.state.all(channelId).find(({ botId }) => botId)
    expect(found).toBeDefined()
    return found!
  })
  Object.assign(mine, { blocks: stolen.blocks })
  await click(BRUNO, mine, 'request.solve')
  await eventually(() => expect(toldTo(world, BRUNO)).toHaveLength(1))
  Object.assign(mine, { blocks: cardOf(world, other).blocks })
  await click(BRUNO, mine, 'ticket.take')
  await eventually(() =>
    expect(toldTo(world, BRUNO)).toEqual([
      expect.stringMatching(/^Só as pessoas deste chamado podem fazer isso/),
      expect.stringMatching(/^Only the support team can do that/),
    ]),
  )
  expect(await statusOf(world, other)).toBe('open')
})

test('the App Home lists my requests, the latest activity first, in my words; of others nothing; and says so when empty', async () => {
  const list = await homeText(ADA)
  expect(list).toContain('🔒 Closed')
  expect(list.indexOf(`#${number}`)).toBeLessThan(list.indexOf(`#${other}`))
  await answer(world, KOFI, other, 'Which till?', true)
  const after = JSON.stringify(world.slack.state.home(ADA)?.blocks)
  const till = rootOf(world, ADA, other)
  await world.slack.people.post(ADA, till.channel, { text: '<!channel> <@U0LUCIA> &amp; mine', threadTs: till.ts })
  await eventually(async () =>
    expect((await publicWords(world, other)).at(-1)).toBe('<!channel> <@U0LUCIA> &amp; mine'),
  )
  await world.settle()
  expect(after).toContain('⏳ Awaiting your reply')
  expect(after.indexOf(`#${other}`)).toBeLessThan(after.indexOf(`#${number}`))
  expect(await homeText(LUCIA)).toContain('Aún no tienes solicitudes')
  expect(await homeText(KOFI)).toContain('You have no requests yet. Press *Open a request*')
})

test('five buttons; a vote edits the message; a comment by a modal; one rating, whichever way it came, until it closes', async () => {
  await click(KOFI, cardOf(world, other), 'ticket.solve')
  await eventually(async () => expect(await statusOf(world, other)).toBe('solved'))
  await world.settle()
  const thread = () => under(world, rootOf(world, ADA, other), ADA)
  const survey = () => thread().at(-1)!
  const length = thread().length
  expect(buttons(survey())).toEqual([1, 2, 3, 4, 5].map((score) => `survey.rate.${score}`))
  await Promise.all([click(ADA, survey(), 'survey.rate.2'), click(ADA, survey(), 'survey.rate.2')])
  await eventually(() => expect(wordsOf(survey())).toContain('★★☆☆☆'))
  await click(ADA, survey(), 'survey.comment')
  const { view } = await modalOf(world, ADA, 'survey.comment')
  expect(await world.slack.people.submit(ADA, view.id, { comment: 'Too <slow> & cold' })).toEqual({
    ok: true,
    next: 'closed',
  })
  await eventually(async () => {
    await world.settle()
    expect(under(world, cardOf(world, other), KOFI).map(wordsOf).join()).toContain('Too <slow> & cold')
  })

  const mail = await lastMailTo(world, 'ada@acme.example')
  const link = /http\S+\/survey\/\S+?score=5/.exec(mail.text + mail.html)![0].replaceAll('&amp;', '&')
  const page = await (await fetch(link)).text()
  const form = new URLSearchParams(
    [...page.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)![1]!,
      /value="([^"]*)"/.exec(input)![1]!,
    ]),
  )
  form.set('score', '4')
  expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200)
  await eventually(async () => {
    await world.settle()
    expect(wordsOf(survey())).toContain('★★★★☆')
  })
  expect(wordsOf(cardOf(world, other))).toContain('Rating:* ★★★★☆')
  expect(thread()).toHaveLength(length)
  const { rows } = await world.db.query('select rating_score, rating_comment from tickets where id = $1', [other])
  expect(rows).toEqual([{ rating_score: 4, rating_comment: 'Too <slow> & cold' }])

  const old = structuredClone(survey().blocks)
  await world.push(27 * HOUR + 60_000)
  expect(await statusOf(world, other)).toBe('closed')
  expect(buttons(world.slack.state.all(survey().channel).find(({ text }) => text.includes('You rated this'))!)).toEqual(
    [],
  )
  const final = world.slack.state.all(survey().channel).find(({ text }) => text.includes('You rated this'))!
  Object.assign(final, { blocks: old })
  await click(ADA, final, 'survey.rate.1')
  await eventually(() => expect(toldTo(world, ADA).at(-1)).toMatch(/is closed, so its rating stays as it is/))
})

test('no words of a person rang for anybody but the agent they are for', () => {
  const rung = [...world.slack.state.mentions(TRIAGE), ...world.slack.state.mentions(root().channel)]
  expect(new Set(rung)).toEqual(new Set([`@${KOFI}`]))
})
