import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { findChromium } from '../support/chromium.ts'
import type { World } from '../support/world.ts'
import { people } from './cast.ts'
import type { Recorded } from './record.ts'
import { type SlackPage, slackPage } from './slack-page.ts'

export interface Picture {
  locale: string
  name: string
  /** The same for the same screen in every language. */
  place: string
  kind: string
  /** Below the folder, such as en/012-modal.png. */
  file: string
}

export function openChromium(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('no Chromium here: install it (Debian: apt-get install chromium), or name it')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** Makes a picture of each recorded screen, as wide as a window of `width`, and of the questions and menus that open there. */
export async function draw(
  browser: Browser,
  world: World,
  recorded: Recorded[],
  folder: string,
  width: number,
): Promise<Picture[]> {
  const pictures: Picture[] = []
  for (const { locale } of people) {
    await mkdir(join(folder, locale), { recursive: true })
    // A window each: what stands behind another is drawn once a second.
    const window = () => browser.newContext({ viewport: { width, height: 2600 }, locale, bypassCSP: true })
    const slack = await slackPage(await (await window()).newPage(), world.url)
    const plain = await (await window()).newPage()
    const narrow = Math.min(width, 640)
    const opened = new Set<string>()
    const save = async ({ name, place }: Recorded, kind: string, what: Page | Locator) => {
      const file = `${locale}/${String(pictures.length).padStart(4, '0')}-${kind}.png`
      const whole = 'viewportSize' in what ? { fullPage: true } : {}
      await what.screenshot({ path: join(folder, file), animations: 'disabled', ...whole })
      pictures.push({ locale, name, place, kind, file })
    }
    for (const one of recorded.filter((each) => each.locale === locale)) {
      const { sight } = one
      if (sight.kind === 'mail') await plain.goto(world.url + sight.path)
      else if (sight.kind === 'page') await plain.setContent(sight.html)
      else await slack.show(sight)
      if (!('screen' in sight)) await fit(plain, narrow)
      await save(one, sight.kind, 'screen' in sight ? slack.shown(sight.kind) : plain)
      if ('screen' in sight) await saveOpened(slack, one, opened, save)
    }
    await slack.page.context().close()
    await plain.context().close()
  }
  return pictures
}

/** As high a window as the page: what keeps to its foot stands there. */
async function fit(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: 100 })
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) })
}

/** Opens each menu and each question before a press, once a language. */
async function saveOpened(
  slack: SlackPage,
  one: Recorded,
  opened: Set<string>,
  save: (one: Recorded, kind: string, what: Locator) => Promise<void>,
): Promise<void> {
  for (const { action, words, panel } of slack.opening()) {
    if (opened.has(words)) continue
    opened.add(words)
    await slack.page.locator(`[data-test="action-${action}"]`).first().click()
    const place = `${one.place} ${action} ${panel}`
    await save({ ...one, name: `${one.name}, ${action}`, place }, 'opened', slack.page.locator(panel))
    await slack.page.keyboard.press('Escape')
    await slack.page.locator(panel).waitFor({ state: 'hidden' })
    await slack.page.mouse.move(0, 0)
  }
}
