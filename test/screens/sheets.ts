import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { people } from './cast.ts'
import type { Picture } from './draw.ts'

interface Row {
  name: string
  files: Record<string, string>
}

/** Writes index.html, in which each screen stands beside itself in the other languages, and pictures of that, some rows each. */
export async function lay(browser: Browser, pictures: Picture[], folder: string, width: number): Promise<number> {
  const rows = new Map<string, Row>()
  for (const { place, name, locale, file } of pictures) {
    const row = rows.get(place) ?? { name, files: {} }
    rows.set(place, { ...row, files: { ...row.files, [locale]: file } })
  }
  await writeFile(join(folder, 'index.html'), html([...rows.values()], width))
  const page = await browser.newPage({ viewport: { width: width * people.length + 60, height: SHEET } })
  await page.goto(`file://${join(folder, 'index.html')}`)
  const tops = await page.locator('section').evaluateAll((all) => all.map((one) => (one as HTMLElement).offsetTop))
  const end = await page.evaluate(() => document.body.scrollHeight)
  let sheets = 0
  for (let from = 0; from < tops.length; sheets++) {
    let to = from + 1
    while (to < tops.length && (tops[to + 1] ?? end) - tops[from]! <= SHEET) to++
    const clip = { x: 0, y: tops[from]!, width: width * people.length + 60, height: (tops[to] ?? end) - tops[from]! }
    await page.screenshot({ path: join(folder, `sheet-${String(sheets).padStart(3, '0')}.png`), clip, fullPage: true })
    from = to
  }
  await page.close()
  return sheets
}

/** How high a picture of some rows may be, in pixels: what can be read without scrolling. */
const SHEET = 790

const html = (rows: Row[], width: number) => `<!doctype html><meta charset="utf-8"><title>Every screen</title>
<style>
  body { margin: 0; padding: 0 10px; background: #ddd; font: 14px sans-serif }
  section { display: grid; grid-template-columns: repeat(${people.length}, ${width}px); gap: 4px 10px; align-items: start; padding: 10px 0 }
  h2 { grid-column: 1 / -1; margin: 0; font-size: 13px }
  img { max-width: ${width}px; background: #fff }
</style>
${rows.map(({ name, files }, n) => `<section><h2>${n} ${name}</h2>${people.map(({ locale }) => (files[locale] ? `<img src="${files[locale]}" alt="${locale}">` : `<p>${locale}: –</p>`)).join('')}</section>`).join('\n')}
`
