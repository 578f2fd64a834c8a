import { afterAll, beforeAll, expect, test } from 'vitest'
import { mailsTo, writeMail } from '../support/acting.ts'
import { ADA, BRUNO, eventually, KOFI, LUCIA, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { answer, ask, cardOf, modalOf, publicWords, rootOf, statusOf, toldTo, under } from './scenes.ts'

const HOUR = 3_600_000
let world: World
let number: number

beforeAll(async () => {
  world = await startWorld({ mode: 'socket', at: new Date('2026-11-23T09:00:00Z') })
  number = await ask(world, ADA, 'The printer burns')
})
afterAll(() => world?.stop())

const click = (user: string, actionId: string, message = cardOf(world, number)) =>
  world.slack.people.click(user, { channelId: message.channel, ts: message.ts }, actionId)
const becomes = async (status: string) => {
  await eventually(async () => expect(await statusOf(world, number)).toBe(status))
  await world.settle()
}
/** What a card says, as "label: value", what comes next, and its buttons. */
function read(card = cardOf(world, number)) {
  const [facts, buttons] = ['card.facts', 'card.buttons'].map((id) =>
    card.blocks?.find(({ block_id }) => block_id === id),
  )
  const texts = ((facts?.fields ?? []) as { text: string }[]).map(({ text }) => text.replaceAll('*', ''))
  const pressable = ((buttons?.elements ?? []) as { text: { text: string } }[]).map(({ text }) => text.text)
  const next = card.blocks?.find(({ block_id }) => block_id === 'card.next') as { text: { text: string } } | undefined
  return { facts: texts, buttons: pressable, next: next?.text.text }
}

test('a new ticket’s card says what it is, who asks, how urgent and why, and what comes next', () => {
  const card = cardOf(world, number)
  expect(JSON.stringify(card.blocks?.[0])).toContain(`#${number} The printer burns`)
  expect(read()).toMatchObject({
    facts: [
      'Status: 🆕 New',
      'Priority: 🔴 Urgent',
      'Requester: Ada Lovelace (ada@acme.example)',
      'Account: Acme Berlin',
      'Branch: Technical',
      'Assignee: nobody yet',
      expect.stringMatching(/^Opened: <!date\^17954244\d\d\^.*>, in Slack$/),
    ],
    buttons: ['Take', 'Reply', 'Pending', 'Solve', 'People'],
    next: '*Next:* Waiting for an agent. Press Take if it is yours.',
  })
  expect(wordsOf(card)).toContain('Unexpected behavior with critical store resources × All users')
  // Whoever hears the message, or reads it on a locked phone, hears the same.
  for (const words of ['New', 'Urgent', 'Ada Lovelace', 'Acme Berlin', 'Waiting for an agent'])
    expect(card.text).toContain(words)
})

test('two agents take it at once: one has it, the other is told', async () => {
  await Promise.all([click(KOFI, 'ticket.take'), click(LUCIA, 'ticket.take')])
  await world.settle()
  const refused = await eventually(() => {
    const told = [KOFI, LUCIA].filter((user) => toldTo(world, user).length > 0)
    expect(told).toHaveLength(1)
    return told[0]!
  })
  expect(toldTo(world, refused)).toEqual([
    'Somebody else took this ticket a moment ago. Look at its card to see who, and talk to them if you want it.',
  ])
  // In the channel, where they pressed, though the card has a thread.
  expect(world.slack.state.ephemerals(refused).map(({ threadTs }) => threadTs)).toEqual([undefined])
  const name = refused === KOFI ? 'Lucía Ortega' : 'Kofi Mensah'
  await eventually(() => expect(read()).toMatchObject({ facts: expect.arrayContaining([`Assignee: ${name}`]) }))
  expect(read().next).toBe(`*Next:* Waiting for ${name}’s answer.`)
})

test('a colleague takes over with the card they see; twice the same button is once', async () => {
  const holder = read().facts.includes('Assignee: Kofi Mensah') ? LUCIA : KOFI
  expect(read().buttons).toEqual(['Take over', 'Reply', 'Pending', 'Solve', 'People'])
  await Promise.all([click(holder, 'ticket.take'), click(holder, 'ticket.take')])
  await world.settle()
  const { rows } = await world.db.query(`select count(*)::int as n from events where type = 'assigned'`)
  expect(rows).toEqual([{ n: 2 }])
})

test('who takes over what is theirs already is told so; nothing changes', async () => {
  const holder = read().facts.includes('Assignee: Kofi Mensah') ? KOFI : LUCIA
  const before = toldTo(world, holder).length
  await click(holder, 'ticket.take')
  await eventually(() => expect(toldTo(world, holder)).toHaveLength(before + 1))
  expect(toldTo(world, holder).at(-1)).toContain(`Ticket #${number} is yours already.`)
})

test('Pending says whose turn it is; a second press is refused in words, and changes nothing', async () => {
  const stale = cardOf(world, number)
  await click(KOFI, 'ticket.pend')
  await becomes('pending')
  expect(read()).toMatchObject({
    facts: expect.arrayContaining(['Status: ⏳ Pending']),
    buttons: ['Take over', 'Reply', 'Solve', 'People'],
    next: '*Next:* Waiting for Ada Lovelace’s answer.',
  })
  // The client of a colleague still showed the button when they pressed.
  Object.assign(world.slack.state.all(TRIAGE).find(({ ts }) => ts === stale.ts)!, { blocks: stale.blocks })
  await click(LUCIA, 'ticket.pend', stale)
  await eventually(() => expect(toldTo(world, LUCIA).at(-1)).toMatch(/already waiting for an answer/))
})

test('an answer reaches the thread of the requester and the mail of everybody; the thread under the card stays inside', async () => {
  await writeMail(world, { from: 'kim@new.example', cc: ['lee@new.example'], subject: 'Till', text: 'It is stuck' })
  await world.settle()
  const { rows } = await world.db.query('select max(id)::int as id from tickets')
  await answer(world, KOFI, rows[0].id, 'Turn it off and on.')
  for (const who of ['kim@new.example', 'lee@new.example'])
    expect(mailsTo(world, who).at(-1)?.text).toContain('Turn it off and on.')

  await click(KOFI, 'ticket.reply')
  const { view } = await modalOf(world, KOFI, 'agent.reply')
  expect(JSON.stringify(view.blocks)).toContain('Goes to Ada Lovelace in Slack and by mail (ada@acme.example).')
  const reply = { reply: 'Which <floor> & desk?' }
  await Promise.all([world.slack.people.submit(KOFI, view.id, reply), world.slack.people.submit(KOFI, view.id, reply)])
  await world.settle()
  expect(await publicWords(world, number)).toEqual(['About: The printer burns', 'Which <floor> & desk?'])
  const told = under(world, rootOf(world, ADA, number), ADA).filter(({ text }) => text.includes('Which'))
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('Which &lt;floor&gt; &amp; desk?')])
  const before = mailsTo(world, 'ada@acme.example').length
  expect(mailsTo(world, 'ada@acme.example').at(-1)?.text).toContain('Which <floor> & desk?')

  const card = cardOf(world, number)
  await world.slack.people.post(LUCIA, TRIAGE, { text: 'She *never* knows :fire:', threadTs: card.ts })
  await eventually(async () => {
    const notes = await world.db.query('select text from comments where not is_public')
    expect(notes.rows).toEqual([{ text: 'She *never* knows 🔥' }])
  })
  await world.settle()
  expect(mailsTo(world, 'ada@acme.example')).toHaveLength(before)
  expect(JSON.stringify(under(world, rootOf(world, ADA, number), ADA))).not.toContain('never')
})

test('whoever joins the channel is an agent at once, and whoever leaves it is none', async () => {
  await world.slack.people.invite(KOFI, TRIAGE, BRUNO)
  await world.slack.settled()
  await click(BRUNO, 'ticket.take')
  await eventually(() => expect(read().facts).toContain('Assignee: Bruno Dias'))
  await world.slack.people.leave(BRUNO, TRIAGE)
  await world.slack.settled()
  // A client that had not heard of it yet: he is in the channel for the moment of his click only.
  const { members } = world.slack.state.channel(TRIAGE)!
  members.push(BRUNO)
  const pressed = click(BRUNO, 'ticket.solve')
  members.splice(members.indexOf(BRUNO), 1)
  await pressed
  await world.settle()
  expect(await statusOf(world, number)).toBe('open')
})

test('Solve says until when; Reopen takes it back; after the window it closes without buttons', async () => {
  await click(KOFI, 'ticket.take')
  await click(KOFI, 'ticket.solve')
  await becomes('solved')
  const { rows } = await world.db.query('select reopen_until from tickets where id = $1', [number])
  const until = `<!date^${Math.floor(rows[0].reopen_until.getTime() / 1000)}^`
  expect(read()).toMatchObject({
    facts: expect.arrayContaining(['Status: ✅ Solved']),
    buttons: ['Reply', 'Reopen', 'People'],
    next: expect.stringMatching(/^\*Next:\* Closes <!date.* unless Ada Lovelace replies\.$/),
  })
  expect(read().next).toContain(until)
  await click(LUCIA, 'ticket.reopen')
  await becomes('open')
  expect(read().next).toBe('*Next:* Kofi Mensah has answered and keeps working on it.')
  await click(KOFI, 'ticket.solve')
  await becomes('solved')
  const solvedCard = cardOf(world, number)
  await world.push(27 * HOUR + 60_000)
  await becomes('closed')
  expect(read()).toMatchObject({
    facts: expect.arrayContaining(['Status: 🔒 Closed']),
    buttons: [],
    next: expect.stringMatching(/A late reply opens a follow-up\.$/),
  })
  const closed = cardOf(world, number)
  Object.assign(world.slack.state.all(TRIAGE).find(({ ts }) => ts === closed.ts)!, { blocks: solvedCard.blocks })
  await click(KOFI, 'ticket.reopen', closed)
  await eventually(() => expect(toldTo(world, KOFI).at(-1)).toMatch(/is closed and cannot change any more/))
  expect(await statusOf(world, number)).toBe('closed')
})

test('what people call things is shown as they wrote it and rings for nobody', async () => {
  const subject = '<!channel> &amp; <@U0KOFI|x> *b* `c`'
  const second = await ask(world, BRUNO, subject)
  const card = cardOf(world, second)
  expect(JSON.stringify(card.blocks?.[0])).toContain(JSON.stringify(`#${second} ${subject}`))
  expect(card.text).toContain(`#${second} &lt;!channel&gt; &amp;amp; &lt;@U0KOFI|x&gt; *b* \`c\``)
  await world.slack.people.openHome(BRUNO)
  await world.settle()
  expect(JSON.stringify(world.slack.state.home(BRUNO)?.blocks)).toContain(
    '&lt;!channel&gt; &amp;amp; &lt;@U0KOFI|x&gt;',
  )
  expect(world.slack.state.mentions(rootOf(world, BRUNO, second).channel)).toEqual([])
})

test('a click that fails by our fault says so, with a reference the log has too', async () => {
  const card = cardOf(world, (await world.db.query('select max(id)::int as id from tickets')).rows[0].id)
  await world.db.query('alter table tickets rename to tickets_away')
  try {
    await click(KOFI, 'ticket.take', card)
    await eventually(() => expect(toldTo(world, KOFI).at(-1)).toMatch(/note of it \([0-9a-f]{8}\)/))
    await click(KOFI, 'ticket.reply', card)
    const { view } = await modalOf(world, KOFI, 'intake.problem')
    expect(JSON.stringify(view.blocks)).toMatch(/note of it \([0-9a-f]{8}\)/)
    await world.slack.people.close(KOFI, view.id)
  } finally {
    await world.db.query('alter table tickets_away rename to tickets')
  }
})

test('through all of this it was one card, and it rang for nobody', () => {
  cardOf(world, number)
  expect(
    world.slack.state.mentions(TRIAGE).filter((who) => ![`@${KOFI}`, `@${LUCIA}`, `@${BRUNO}`].includes(who)),
  ).toEqual([])
})
