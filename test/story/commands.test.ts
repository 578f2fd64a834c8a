import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, ask, cardOf, modalOf, publicWords, statusOf } from '../slack/scenes.ts'
import { press } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, type World } from '../support/world.ts'

let world: World
let printer: number
let scanner: number

beforeAll(async () => {
  world = await startWorld()
  printer = await ask(world, ADA, 'The printer eats invoices')
  scanner = await ask(world, ADA, 'The scanner hums')
})
afterAll(() => world?.stop())

describe('/ticket', () => {
  test('mine lists my requests, each with a button that opens it (TRK-01, CLI-01)', async () => {
    const said = await type(ADA, 'mine')
    expect(said.text).toContain('Your 2 latest requests')
    expect(said.words).toContain('The printer eats invoices')
    expect(said.words.indexOf('scanner')).toBeLessThan(said.words.indexOf('printer'))
    await world.slack.people.click(ADA, said.place, 'request.show', { blockId: `command.request.${printer}` })
    const { view } = await modalOf(world, ADA, 'request.modal')
    expect(JSON.stringify(view.blocks)).toContain('About: The printer eats invoices')
    await close(ADA)
    expect((await type(BRUNO, 'lista')).text).toContain('Você ainda não tem chamados')
  })

  test('1042 opens the request at once; absent and somebody else’s are answered alike', async () => {
    await world.slack.people.slash(ADA, GENERAL, '/ticket', `#${printer}`)
    await modalOf(world, ADA, 'request.modal')
    await close(ADA)
    const theirs = (await type(BRUNO, String(printer))).text.replaceAll(String(printer), 'N')
    expect(theirs).toContain('N')
    expect((await type(BRUNO, '999999')).text.replaceAll('999999', 'N')).toBe(theirs)
    expect((await type(BRUNO, `solve ${printer}`)).text.replaceAll(String(printer), 'N')).toBe(theirs)
    expect(await statusOf(world, printer)).toBe('open')
  })

  test('1042 of an agent leads to its card', async () => {
    const said = await type(KOFI, String(printer))
    const { rows } = await world.db.query('select ts from slack_messages where slot = $1', [`${printer}/card`])
    expect(said.words).toContain(`p${rows[0].ts.replace('.', '')}`)
  })

  test('1042 of an agent who asked themselves opens it as theirs, with the way to its card; a client has none', async () => {
    const own = await ask(world, KOFI, 'My own keyboard')
    await world.slack.people.slash(KOFI, GENERAL, '/ticket', String(own))
    const theirs = JSON.stringify((await modalOf(world, KOFI, 'request.modal')).view.blocks)
    expect(theirs).toContain('About: My own keyboard')
    const { rows } = await world.db.query('select ts from slack_messages where slot = $1', [`${own}/card`])
    expect(theirs).toContain(`p${rows[0].ts.replace('.', '')}|#${own}>`)
    await world.slack.people.click(KOFI, { viewId: world.slack.state.modal(KOFI)!.view.id }, 'request.solve')
    await eventually(async () => expect(await statusOf(world, own)).toBe('solved'))
    expect(JSON.stringify((await modalOf(world, KOFI, 'request.modal')).view.blocks)).toContain(`|#${own}>`)
    await close(KOFI)
    await world.slack.people.slash(ADA, GENERAL, '/ticket', String(printer))
    const hers = JSON.stringify((await modalOf(world, ADA, 'request.modal')).view.blocks)
    expect(hers).not.toContain('request.card')
    await close(ADA)
  })

  test('search finds words, and says what to do when there are none (TRK-02)', async () => {
    expect((await type(ADA, 'search INVOICES')).words).toContain(`command.request.${printer}`)
    const nothing = await type(ADA, 'buscar dragons')
    expect(nothing.text).toContain('None of your requests has “dragons” in it.')
    await world.slack.people.click(ADA, nothing.place, 'command.open_form')
    await modalOf(world, ADA)
    const { rows } = await world.db.query('select answers from drafts where ticket_id is null')
    expect(JSON.stringify(rows)).toContain('dragons')
    await close(ADA)
  })

  test('reply 1042 with words sends them, and without opens the window for them (CLI-10)', async () => {
    const said = await type(ADA, `reply ${printer} It eats receipts too.`)
    expect(said.text).toContain(`Your message to request #${printer} is on its way.`)
    expect(await publicWords(world, printer)).toContain('It eats receipts too.')
    await world.slack.people.slash(ADA, GENERAL, '/ticket', `responder ${printer}`)
    await modalOf(world, ADA, 'request.reply')
    await close(ADA)
  })

  test('solve, reopen, rate and followup say how it stands then (STA-04, STA-08, FUP-01)', async () => {
    expect((await type(ADA, `followup ${printer} more`)).text).toContain('is not closed')
    expect((await type(ADA, `solve ${printer}`)).text).toMatch(/is marked as solved\. .* by <!date/)
    expect((await type(ADA, `solve ${printer}`)).text).toContain('already solved')
    const asked = await type(ADA, `rate ${printer}`)
    await world.slack.people.click(ADA, asked.place, 'survey.rate.4')
    await eventually(async () => expect(await ratingOf(printer)).toBe(4))
    expect((await type(ADA, `rate ${printer} 5`)).text).toContain('#1001 5 of 5')
    expect(await ratingOf(printer)).toBe(5)
    expect((await type(ADA, `reopen ${printer}`)).text).toContain('is open again')
    expect(await statusOf(world, printer)).toBe('open')
    await type(ADA, `solve ${printer}`)
    const bad = await type(ADA, `rate ${printer} 2`)
    expect(bad.text).toMatch(/2 of 5\. .* Shall we look at it again\? You can say yes until <!date/)
    await world.slack.people.click(ADA, bad.place, 'request.reopen')
    await eventually(async () => expect(await statusOf(world, printer)).toBe('open'))
    await press(world, KOFI, cardOf(world, scanner), 'ticket.solve')
    await world.push(28 * 3_600_000)
    expect(await statusOf(world, scanner)).toBe('closed')
    const followed = await type(ADA, `followup ${scanner} It hums again.`)
    const { rows } = await world.db.query('select follow_up_id::int as id from tickets where id = $1', [scanner])
    expect(followed.text).toContain(`its follow-up, #${rows[0].id}`)
    expect(await publicWords(world, rows[0].id)).toEqual(['It hums again.'])
  })

  test('a slip is asked about, and done when it was meant', async () => {
    const said = await type(ADA, 'serach invoices')
    expect(said.text).toContain('Did you mean `/ticket search invoices`?')
    await world.slack.people.click(ADA, said.place, 'command.run')
    await eventually(() =>
      expect(JSON.stringify(world.slack.state.ephemerals(ADA).at(-1))).toContain(`command.request.${printer}`),
    )
  })

  test('a slip that was meant is done once, however fast it is pressed twice', async () => {
    const open = await ask(world, ADA, 'The door squeaks')
    const said = await type(ADA, `repyl ${open} It is the left door.`)
    const once = () => world.slack.people.click(ADA, said.place, 'command.run')
    await Promise.all([once(), once()])
    await eventually(async () => expect(await publicWords(world, open)).toContain('It is the left door.'))
    await world.settle()
    const words = await publicWords(world, open)
    expect(words.filter((each) => each === 'It is the left door.')).toHaveLength(1)
  })

  test('help tells it all in the reader’s language', async () => {
    expect((await type(BRUNO, 'help')).text).toContain('`/ticket buscar fatura`')
  })

  test('help tells agents, and nobody else, what only they can type', async () => {
    const said = (await type(KOFI, 'help')).text
    expect(said).toContain('`/ticket button` posts in this channel')
    expect(said).toContain('`/ticket organisation` says who sees')
    expect((await type(BRUNO, 'ajuda')).text).not.toMatch(/botão|organização/)
  })

  test('other words are what a new request is about', async () => {
    await answer(world, KOFI, printer, 'Try now.')
    await world.slack.people.slash(BRUNO, GENERAL, '/ticket', 'help me with my shop')
    await modalOf(world, BRUNO)
    const { rows } = await world.db.query(`select answers from drafts where user_id = $1`, [BRUNO])
    expect(JSON.stringify(rows)).toContain('help me with my shop')
  })
})

/** Types after the command and answers with what is said to that person alone. */
async function type(user: string, text: string) {
  const before = world.slack.state.ephemerals(user).length
  expect(await world.slack.people.slash(user, GENERAL, '/ticket', text)).toMatchObject({ ok: true })
  const said = await eventually(() => {
    const all = world.slack.state.ephemerals(user)
    expect(all.length).toBeGreaterThan(before)
    return all.at(-1)!
  })
  return { text: said.text, words: JSON.stringify(said), place: { channelId: said.channel, ts: said.ts } }
}

async function close(user: string): Promise<void> {
  const open = world.slack.state.modal(user)
  if (open) await world.slack.people.close(user, open.view.id, 'all')
}

async function ratingOf(number: number): Promise<number | null> {
  return (await world.db.query('select rating_score from tickets where id = $1', [number])).rows[0].rating_score
}
