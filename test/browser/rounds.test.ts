import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type MarkedWords, markedWords } from '../screens/marked-words.ts'
import { refusedCalls } from '../support/refused-calls.ts'
import { type Moves, movesOn } from './moves.ts'
import { languages } from './nine-rounds.ts'
import { fillIn } from './round-form.ts'
import { answers, finds, followUps, openings, type Player, ratings, reopenings } from './round-ways.ts'
import { openSandbox, type SandboxPage } from './sandbox-page.ts'

let box: SandboxPage
let moves: Moves
let words: MarkedWords
/** Subjects that were chosen in the form: they stay in the language it was filled in, whoever reads them. */
const subjects = new Set<string>()

beforeAll(async () => {
  words = await markedWords()
  box = await openSandbox({ templates: words.dir })
  moves = movesOn(box)
  await box.the('hint-close').click()
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(`what was on screen: ${await box.failure(task.name)}`)
})
afterAll(async () => {
  await box?.stop()
  await rm(words.dir, { recursive: true, force: true })
})

describe.each(languages)('in $locale, $width wide,', ({ locale, person, width, homeTab, rounds }) => {
  const player: Player = {
    person,
    get box() {
      return box
    },
    get moves() {
      return moves
    },
    word: (name) => typed(locale, name),
    looks: (where) => looks(where, locale),
    async closeModals() {
      while (await box.the('modal').isVisible()) {
        const { the } = box
        await the('modal-x').click()
        await the('modal').waitFor({ state: 'detached' })
      }
    },
  }

  test('the Home speaks it', async () => {
    await box.page.setViewportSize({ width, height: 850 })
    await box.be(person)
    await moves.toApp('home')
    if (locale === 'es') {
      await box.the('action-home.language').click()
      await box.the('option-es').click()
      await moves.shows(box.the('home'), label('es', 'access.language.label').replaceAll('*', '').slice(0, 10))
    }
    await looks(box.the('home'), locale)
    expect(await box.the('app-home').innerText()).toBe(homeTab)
  })

  test.each(rounds.map((round) => ({ ...round, branch: round.asked.branch })))(
    'a $branch request is opened by $open, found by $find, answered by $answer, reopened by $reopen, followed up by $followUp, rated by $rate',
    async ({ asked, ...way }) => {
      const asClient = async (act: () => Promise<Locator>) => {
        await box.be(person)
        await player.looks(await act())
        await player.closeModals()
        await slackRefusedNothing()
      }
      if (asked.option) subjects.add(`${locale} form.${asked.branch}.${asked.option}`)
      await box.be(person)
      await openings[way.open](player, asked.word)
      const number = await fillIn(player, asked)
      await moves.toApp('messages')
      await player.looks(moves.message(number))
      await asClient(() => finds[way.find](player, number, asked.word))

      await agentAsks(number)
      await asClient(() => answers[way.answer](player, number, 'ZD421.'))
      await agentSees(number, 'Open', 'ZD421.')

      await agentSolves(number)
      await asClient(() => reopenings[way.reopen](player, number, 'E42.'))
      await agentSees(number, 'Open')

      await agentSolves(number)
      await moves.pushClock('27h')
      await moves.pushClock('1h')
      await agentSees(number, 'Closed')
      await asClient(() => followUps[way.followUp](player, number, 'E43.'))
      await moves.beKofiInTriage()
      const next = box.page
        .locator('.pane [data-test="message"]')
        .filter({ hasText: `Follow-up of #${number}` })
        .last()
      await next.waitFor()
      const followUp = /#(\d+)/.exec(await next.locator('h3').innerText())![1]!
      await asClient(async () => {
        await moves.toApp('messages')
        await moves.message(followUp).waitFor()
        return moves.message(followUp)
      })

      await asClient(() => ratings[way.rate](player, number))
      await moves.beKofiInTriage()
      await moves.shows(moves.message(number), '★')
    },
  )
})

test('the page complained of nothing', () => {
  expect(box.complaints).toEqual([])
})

async function agentAsks(number: string): Promise<void> {
  const { the } = box
  await moves.beKofiInTriage()
  await the('action-ticket.take', moves.message(number)).click()
  await moves.shows(moves.message(number), /Assignee.*Kofi Mensah/)
  await the('action-ticket.reply', moves.message(number)).click()
  await the('action-reply').fill('Zebra?')
  await the('option-wait').click()
  await the('modal-submit').click()
  await the('modal').waitFor({ state: 'detached' })
  await moves.shows(moves.message(number), /Status.*Pending/)
}

async function agentSolves(number: string): Promise<void> {
  await moves.beKofiInTriage()
  await box.the('action-ticket.solve', moves.message(number)).click()
  await moves.shows(moves.message(number), /Status.*Solved/)
}

async function agentSees(number: string, status: 'Open' | 'Closed', text?: string): Promise<void> {
  await moves.beKofiInTriage()
  await moves.shows(moves.message(number), new RegExp(`Status.*${status}`))
  if (!text) return
  await box.the('open-thread', moves.message(number)).click()
  await moves.shows(box.the('thread'), text)
}

/** Every label on it is of this language, and nothing sticks out. */
async function looks(where: Locator, locale: string): Promise<void> {
  const read = async () => words.read(await where.innerText()).labels.map((one) => `${one.locale} ${one.key}`)
  await expect.poll(read, { timeout: 20_000 }).not.toEqual([])
  const shown = await read()
  expect(shown.filter((one) => !one.startsWith(`${locale} `) && !subjects.has(one))).toEqual([])
  expect(await box.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
}

/** Of the last 200 calls; a step makes far fewer. */
async function slackRefusedNothing(): Promise<void> {
  const log = await box.page.request.get(new URL('/sandbox/slack/ui/log', box.page.url()).href)
  expect(refusedCalls((await log.json()).calls)).toEqual([])
}

function label(locale: string, key: string): string {
  return words.labels.find((one) => one.locale === locale && one.key === key)!.text
}

/** The first word for a subcommand: what people type is no label. */
function typed(locale: string, name: string): string {
  const all = JSON.parse(readFileSync(`templates/${locale}/command.json`, 'utf8'))
  return all[`command.word.${name}`].split(',')[0].trim()
}
