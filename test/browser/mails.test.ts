import { mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWholeForm } from '../../src/form-file.ts'
import type { MailToCompose } from '../../src/mail/compose.ts'
import { loadTemplates } from '../../src/templates.ts'
import { labelsIn, missingQuestions } from '../../src/ticket/questions.ts'
import {
  acknowledged,
  asked,
  atEnd,
  compose,
  done,
  followedUp,
  grace,
  inLanguage,
  lacking,
  languages,
  withFiles,
} from '../mail/compose-story.ts'

/** Every mail as its reader sees it: looked at by rules here, and by people in the pictures it leaves. */
const pictures = join(tmpdir(), 'deskhand-mails')
const screens = [
  { name: 'phone', width: 360, height: 780 },
  { name: 'small-phone', width: 320, height: 568 },
  { name: 'desktop', width: 1024, height: 768 },
]
const schemes = ['light', 'dark'] as const

const templates = await loadTemplates('templates')
const { form, labels } = await readWholeForm('templates', languages, { company: 'Acme' })
const accounts = [
  { key: 'one', name: 'Acme Berlin' },
  { key: 'two', name: 'Acme São Paulo' },
]
const unknown = { status: 'open', branch: null, accountKey: null, impact: null, users: null, answers: {} } as const
const missing = (locale: string) => ({
  questions: missingQuestions(form, labelsIn(labels, locale), unknown, accounts),
  url: 'https://desk.acme.example/describe/t0ken',
})
const about = (different: Partial<MailToCompose>) => (locale: string) =>
  compose({ recipient: inLanguage(locale), ...different }).html
const alone = (name: string, params: object) => (locale: string) =>
  templates.render(
    name,
    locale,
    { number: null, name: 'Ada', company: 'Acme', isCopied: false, history: [], historyCut: false, ...params },
    { timeZone: 'Europe/Berlin' },
  ).html

const at = new Date('2026-11-23T10:15:00Z')
/** By template, or template and occasion. */
const mails: Record<string, (locale: string) => string> = {
  opened: (locale) => compose({ ...acknowledged, recipient: inLanguage(locale), missing: missing(locale) }).html,
  'opened+lacking': about(lacking(2, 'opened')),
  'opened+join': about({ ...acknowledged, joinUrl: 'https://desk.acme.example/addresses/t0ken' }),
  'follow-up': about(followedUp),
  reply: about({}),
  'reply+files': about(withFiles),
  'reply+copied': (locale) => compose({ recipient: { ...grace, locale } }).html,
  waiting: about(asked),
  solved: about(done),
  closed: about(atEnd),
  rating: about({
    ...atEnd,
    template: 'rating',
    links: {
      survey: (score) => `https://desk.acme.example/survey/t0ken${score ? `?score=${score}` : ''}`,
      ratings: 'https://desk.acme.example/ratings/t0ken',
    },
  }),
  'not-delivered': about(lacking(1)),
  'not-delivered+sealed': about(lacking(0)),
  'not-delivered+whole': alone('not-delivered', { at, notTaken: null }),
  'linking-code+page': alone('linking-code', { code: '012 345', until: at, name: '', purpose: 'page' }),
  'linking-code': alone('linking-code', { code: '012 345', until: at, name: '', purpose: 'address' }),
}
/** What is a part of others, or is read by no person. */
const parts = ['layout', 'survey', 'lacking', 'mailbox-check']

let browser: Browser
let page: Page
const requests: string[] = []

beforeAll(async () => {
  await rm(pictures, { recursive: true, force: true })
  await mkdir(pictures, { recursive: true })
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  page = await browser.newPage()
  await page.route('**', (route) => {
    requests.push(route.request().url())
    return route.abort()
  })
})
afterAll(async () => {
  await browser?.close()
  console.log(`the mails, to look at: ${pictures}`)
})

test('every template is looked at here', async () => {
  const names = (await readdir('templates/mail')).map((file) => file.split('.')[0]!)
  const looked = [...Object.keys(mails).map((name) => name.split('+')[0]!), ...parts]
  expect(new Set(looked)).toEqual(new Set(names))
})

test('what would be wrong with a mail is seen', async () => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.emulateMedia({ colorScheme: 'dark' })
  const button = '<a href="https://x.example/b" style="display:inline-block">Rate us</a>'
  await page.setContent(
    `<p style="color:#aaa">Pale <a href="https://x.example">here</a> ${button} <small style="font-size:9px">tiny</small></p>
     <a href="https://evil.example">https://bank.example</a><div style="width:500px">wide</div><img src="https://x.example/p.gif">`,
  )
  expect(await look(page)).toEqual({
    width: 508, // with the margin of the body
    isDark: false,
    pale: ['Pale (2.32)', 'tiny (2.32)'],
    small: ['tiny', expect.stringMatching(/^Rate us \(\d+ x \d+\)$/)],
    vague: ['here', 'https://bank.example leads to https://evil.example/'],
  })
  expect(requests.splice(0)).toEqual(['https://x.example/p.gif'])
})

describe.each(Object.keys(mails))('%s', (name) => {
  test.each(languages)(
    'in %s is readable on a phone and a desktop, by day and by night, and loads nothing',
    async (locale) => {
      for (const { name: screen, width, height } of screens) {
        await page.setViewportSize({ width, height })
        for (const colorScheme of schemes) {
          const where = `${name}, ${locale}, ${screen}, ${colorScheme}`
          await page.emulateMedia({ colorScheme })
          await page.setContent(mails[name]!(locale), { waitUntil: 'load' })
          const seen = await look(page)
          expect(seen.width, `${where}: wider than the screen`).toBeLessThanOrEqual(width)
          expect(seen.pale, `${where}: too little contrast`).toEqual([])
          expect(seen.small, `${where}: too small to read or to press`).toEqual([])
          expect(seen.vague, `${where}: a link that does not say where it leads`).toEqual([])
          expect(seen.isDark, where).toBe(colorScheme === 'dark')
          if (screen !== 'small-phone')
            await page.screenshot({
              path: join(pictures, `${name}-${locale}-${screen}-${colorScheme}.png`),
              fullPage: true,
            })
        }
      }
      expect(requests).toEqual([])
    },
  )
})

/** Measures what is on the page. Runs in the browser, so it knows nothing of this file. */
function look(page: Page) {
  return page.evaluate(() => {
    const rgb = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = rgb(color).map((value) => {
        const part = value / 255
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const backgroundOf = (element: Element | null): string => {
      if (!element) return 'rgb(255, 255, 255)'
      const color = getComputedStyle(element).backgroundColor
      return (rgb(color)[3] ?? 1) === 0 ? backgroundOf(element.parentElement) : color
    }
    const contrast = (element: Element) => {
      const one = luminance(getComputedStyle(element).color)
      const other = luminance(backgroundOf(element))
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    }
    const pale: string[] = []
    const small: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent?.trim() ?? ''
      if (words === '' || !node.parentElement) continue
      if (contrast(node.parentElement) < 4.5) pale.push(`${words} (${contrast(node.parentElement).toFixed(2)})`)
      if (Number.parseFloat(getComputedStyle(node.parentElement).fontSize) < 13) small.push(words)
    }
    const vague: string[] = []
    for (const link of document.querySelectorAll('a')) {
      const words = link.innerText.trim()
      const isAddress = /^https?:/.test(words)
      if (words.length < 4 || /^(click|here|link|aquí|aqui|clique)$/i.test(words)) vague.push(words)
      if (isAddress && new URL(words).href !== link.href) vague.push(`${words} leads to ${link.href}`)
      const { width, height } = link.getBoundingClientRect()
      const isButton = getComputedStyle(link).display === 'inline-block'
      if (isButton && (width < 40 || height < 40)) small.push(`${words} (${Math.round(width)} x ${Math.round(height)})`)
    }
    return {
      width: document.documentElement.scrollWidth,
      isDark: luminance(backgroundOf(document.body)) < 0.2,
      pale,
      small,
      vague,
    }
  })
}
