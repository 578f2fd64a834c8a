import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusedCalls } from '../support/refused-calls.ts'
import type { World } from '../support/world.ts'
import { calendarWords, people, startWalk, walkAs } from './cast.ts'
import { type MarkedWords, markedWords } from './marked-words.ts'
import { collectMails, collectMessages, Shown, visitor, watch } from './shown.ts'
import { unseen, unseenIds } from './unseen.ts'
import { steps } from './walk.ts'

// Every label says which one of which language it is, so what is shown is compared with what should be, to the letter.
let world: World
let words: MarkedWords

const shown = new Map<string, Shown>()

beforeAll(async () => {
  words = await markedWords()
  world = await startWalk({ templatesDir: words.dir })
  for (const { locale } of people) shown.set(locale, new Shown(words))
  watch(
    world,
    new Map(people.flatMap(({ client, guest, locale }) => [client, guest].map((id) => [id, shown.get(locale)!]))),
  )
}, 60_000)
afterAll(() => world?.stop())

describe.each(people)('walked in $locale', (reader) => {
  test.each(steps)('%s', async (_, walk) => {
    const visit = visitor(reader.locale, (path, page) => shown.get(reader.locale)!.addPage(path, page))
    await walkAs(world, reader, visit, walk)
  })
})

describe.each(people)('what was shown in $locale', ({ locale, client, guest }) => {
  const of = () => shown.get(locale)!
  beforeAll(() => {
    for (const each of [client, guest]) collectMessages(world, each, of())
    collectMails(world, locale, of())
    const keys = words.labels.filter((label) => label.locale === locale && !of().labels.has(`${locale}/${label.key}`))
    if (process.env.WALK_REPORT)
      writeFileSync(
        `${process.env.WALK_REPORT}.${locale}`,
        [...keys.map(({ key }) => key), '', ...[...of().ids].sort(), '', ...of().texts.keys()].join('\n'),
      )
  })

  test('is in that language, all of it', () => {
    const left = [...of().labels.values()].filter((label) => label.locale !== locale)
    expect(left.map(({ key, where, ...label }) => `${label.locale} ${key}, ${where}`)).toEqual([])
  })

  test('calls a request what people outside call it, and nothing by the desk’s own words', () => {
    const said = [...of().labels.values()].filter(({ text }) => inside.test(text))
    expect(said.map(({ key, text }) => `${key}: ${text}`)).toEqual([])
  })

  test('is said by a label, names and what people wrote apart', () => {
    const said = [...of().texts.values()].flatMap(({ text, where, isMail }) => {
      const outside = isMail ? '' : names.reduce((rest, name) => rest.replaceAll(name, ''), words.read(text).outside)
      return /\p{Ll}{2,}/u.test(withoutMarkup(outside)) ? [`${where}: ${outside}`] : []
    })
    expect(said).toEqual([])
  })

  test('has no placeholder and no key left in it, and no day or month of another language', () => {
    const others = people.filter((one) => one.locale !== locale).flatMap((one) => calendarWords(one.locale))
    const foreign = others.filter((word) => !calendarWords(locale).includes(word))
    const odd = [...of().texts.values()].filter(
      ({ text }) =>
        /\{(?!date_short_pretty\}|date_num\}|time\}|time_secs\})[a-z]\w*\}|\b(?:slack|history|refusal|form)\.[a-z]+\.[a-z]/.test(
          text,
        ) || foreign.some((word) => new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, 'u').test(text)),
    )
    expect(odd.map(({ where, text }) => `${where}: ${text}`)).toEqual([])
  })

  test('was every label that people outside can meet', () => {
    const keys = words.labels.filter((label) => label.locale === locale).map(({ key }) => key)
    const forgotten = keys.filter((key) => !of().labels.has(`${locale}/${key}`) && !unseen.some(([of]) => of.test(key)))
    expect(forgotten).toEqual([])
  })
})

/** The words agents have for it, in each language. */
const inside =
  /(?<![\p{L}/])(tickets?|triage|triaje|triagem|branch|rama|ramo|assignee|queue|cola|fila|groups?|grupos?)(?!\p{L})/iu

test('Slack refused nothing that was shown', () => {
  expect(refusedCalls(world.slack.log.calls)).toEqual([])
  for (const { client, guest } of people)
    expect([client, guest].flatMap((id) => world.slack.state.notices(id))).toEqual([])
})

test('every view and everything to press in the code was on somebody’s screen', () => {
  const named =
    /(?:action_id|callback_id): '([^']+)'|app\.(?:view|action)\('([^']+)'|\b(?:button|on\w+)\(\s*'([a-z][\w-]*\.[^']+)'/g
  const inCode = globSync('src/slack/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(named)].map((found) => found.slice(1).find(Boolean)!),
  )
  const seen = new Set([...shown.values()].flatMap(({ ids }) => [...ids]))
  expect(inCode.length).toBeGreaterThan(50)
  expect([...new Set(inCode)].filter((id) => !seen.has(id) && !unseenIds.some(([of]) => of.test(id)))).toEqual([])
})

const names = [
  'English',
  'Español',
  'Português',
  'Acme Berlin',
  'Acme São Paulo',
  'Kofi Mensah',
  'Gus Guest',
  'Mia Mate',
]
  .concat(people.map(({ name }) => name))
  .concat(people.map(({ colleague }) => colleague.split('@')[0]!))

/** Without what Slack makes of it: moments, mentions, links. */
const withoutMarkup = (text: string) => text.replace(/<[^>]*>|:[a-z_]+:|\S+@\S+|https?:\S+/g, '')
