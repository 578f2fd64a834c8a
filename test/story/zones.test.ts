import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleCompany } from '../../src/sandbox/sample-company.ts'
import { ask, cardOf, modalOf, rootOf, under } from '../slack/scenes.ts'
import { lastMailTo, press, writeMail } from '../support/acting.ts'
import { eventually, GENERAL, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

// Each asks something on two days, and Kofi solves it at once; 27 hours later it closes. In between clocks change: in
// Madrid on 25 October, in New York on 1 November, in São Paulo never. Nobody knows where Nemo is, nor Nils, who is not in Slack.
const NADIA = 'U0NADIA'
const MARTA = 'U0MARTA'
const SILVIA = 'U0SILVIA'
const NEMO = 'U0NEMO'
const NILS = 'nils@elsewhere.example'
const person = (id: string, realName: string, tz: string, locale: string) => {
  const name = realName.toLowerCase()
  return { id, name, realName, address: `${name}@where.example`, tz, locale, role: 'client' as const }
}
const company = {
  ...sampleCompany,
  people: [
    ...sampleCompany.people,
    person(NADIA, 'Nadia', 'America/New_York', 'en-US'),
    person(MARTA, 'Marta', 'Europe/Madrid', 'es-ES'),
    person(SILVIA, 'Silvia', 'America/Sao_Paulo', 'pt-BR'),
    person(NEMO, 'Nemo', '', 'en-GB'),
  ],
}

let world: World
beforeAll(async () => {
  world = await startWorld({ mode: 'socket', company, at: new Date('2026-10-24T10:00:00Z') })
})
afterAll(() => world?.stop())

interface Said {
  /** When it was solved, as its reader writes it, and until when it can be reopened. */
  solved: string
  until: string
}

// The desk's own region is New York's: that is where somebody is believed to be of whom nobody knows more.
const unknown = {
  october: { solved: 'Saturday 24 October 2026, 06:00 (EDT)', until: 'Sunday 25 October 2026, 09:00 (EDT)' },
  november: { solved: 'Saturday 31 October 2026, 08:00 (EDT)', until: 'Sunday 1 November 2026, 10:00 (EST)' },
}
const readers: [who: string, october: Said, november: Said][] = [
  [
    NADIA,
    { solved: 'Saturday, October 24, 2026, 6:00 AM (EDT)', until: 'Sunday, October 25, 2026, 9:00 AM (EDT)' },
    { solved: 'Saturday, October 31, 2026, 8:00 AM (EDT)', until: 'Sunday, November 1, 2026, 10:00 AM (EST)' },
  ],
  [
    MARTA,
    { solved: 'sábado, 24 de octubre de 2026, 12:00 (CEST)', until: 'domingo, 25 de octubre de 2026, 14:00 (CET)' },
    { solved: 'sábado, 31 de octubre de 2026, 13:00 (CET)', until: 'domingo, 1 de noviembre de 2026, 16:00 (CET)' },
  ],
  [
    SILVIA,
    { solved: 'sábado, 24 de outubro de 2026, 07:00 (BRT)', until: 'domingo, 25 de outubro de 2026, 10:00 (BRT)' },
    { solved: 'sábado, 31 de outubro de 2026, 09:00 (BRT)', until: 'domingo, 1 de novembro de 2026, 12:00 (BRT)' },
  ],
  [NEMO, unknown.october, unknown.november],
]

describe.each([
  ['October', '2026-10-24T10:00:00Z', 1],
  ['November', '2026-10-31T12:00:00Z', 2],
] as const)('around the change of clocks in %s, every screen says the moment as its reader does', (_, at, column) => {
  const numbers = new Map<string, number>()
  beforeAll(async () => {
    await timeIs(at)
    for (const [who] of readers) {
      numbers.set(who, await ask(world, who, `Asked by ${who}`))
      await press(world, KOFI, cardOf(world, numbers.get(who)!), 'ticket.solve')
      await world.settle()
    }
  })

  test.each(readers)('%s', async (...row) => {
    const [who] = row
    const { solved, until } = row[column]
    const number = numbers.get(who)!
    const { rows } = await world.db.query('select reopen_until, last_activity_at from tickets where id = $1', [number])
    // Slack's own app shows a token in the zone and the hours of the device; what cannot reads the words behind it.
    const token = (moment: Date, words: string) =>
      `<!date^${Math.floor(moment.getTime() / 1000)}^{date_short_pretty} {time}|${words}>`
    const untilToken = token(rows[0].reopen_until, until)
    const solvedToken = token(rows[0].last_activity_at, solved)

    await world.slack.people.openHome(who)
    await eventually(() => expect(homeOf(who)).toContain(`home.request.${number}`))
    const row1 = JSON.stringify(
      world.slack.state.home(who)!.blocks.find(({ block_id }) => block_id === `home.request.${number}`),
    )
    expect(row1, 'the Home').toContain(untilToken)
    expect(row1, 'the Home').toContain(solvedToken)

    await world.slack.people.click(who, { viewId: world.slack.state.home(who)!.id }, 'request.show', {
      blockId: `home.request.${number}`,
    })
    const { view } = await modalOf(world, who, 'request.modal')
    expect(JSON.stringify(view.blocks), 'the request').toContain(untilToken)
    expect(JSON.stringify(view.blocks), 'the request').toContain(solvedToken)
    await world.slack.people.close(who, view.id, 'all')

    const root = rootOf(world, who, number)
    expect(wordsOf(root), 'the message').toContain(untilToken)
    expect(under(world, root, who).map(wordsOf).join(), 'the notice').toContain(untilToken)

    await world.slack.people.slash(who, GENERAL, '/ticket', `${number}`)
    const again = await modalOf(world, who, 'request.modal')
    expect(JSON.stringify(again.view.blocks), 'the command').toContain(untilToken)
    await world.slack.people.close(who, again.view.id, 'all')

    const mail = await lastMailTo(world, company.people.find(({ id }) => id === who)!.address)
    expect(mail.text.replace(/\s+/g, ' '), 'the mail').toContain(until)
    expect(mail.html.replace(/\s+/g, ' '), 'the mail').toContain(until)
  })
})

test('of who is not in Slack nobody knows the zone: mails and pages say all moments in the desk’s, by its name', async () => {
  await timeIs('2026-10-31T12:00:00Z')
  await writeMail(world, { from: NILS, subject: 'The bell', text: 'It does not ring.' })
  await world.settle()
  const { rows } = await world.db.query(`select id::int from tickets where subject = 'The bell'`)
  await press(world, KOFI, cardOf(world, rows[0].id), 'ticket.solve')
  await world.settle()
  const { text } = await lastMailTo(world, NILS)
  expect(text.replace(/\s+/g, ' ')).toContain(unknown.november.until)

  const link = /\S+\/survey\/[^\s?]+/.exec(text)![0]
  const proof = /name="page" value="([^"]+)"/.exec(await (await fetch(link)).text())![1]!
  const rated = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ page: proof, score: '1', comment: '' }),
  })
  expect(await rated.text()).toContain(unknown.november.until)
})

async function timeIs(at: string): Promise<void> {
  const behind = new Date(at).getTime() - world.clock.now().getTime()
  if (behind > 0) await world.push(behind)
}

const homeOf = (who: string) => JSON.stringify(world.slack.state.home(who)?.blocks)
