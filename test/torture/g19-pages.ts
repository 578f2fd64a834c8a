import { type Browser, chromium, type Page } from 'playwright-core'
import { createSecrets } from '../../src/secrets.ts'
import { installationId } from '../../src/store/installation.ts'
import { describeLink, fileLink, surveyLink } from '../../src/web.ts'
import { hostile } from '../slack/hostile-strings.ts'
import { mailsTo } from '../support/acting.ts'
import { findChromium } from '../support/chromium.ts'
import { SECRET_OF_TESTS, type World } from '../support/world.ts'
import { answer, mailOf, receive } from '../threats/scene.ts'
import type { Bench } from './bench.ts'
import type { Figure } from './figure.ts'
import { htmlFiles } from './html-files.ts'
import { wholeProduct } from './whole-product.ts'

/** Whatever strangers send, on every page of ours and in every mail of ours, in a browser that would run it. */
export const pages: Figure = {
  id: 'G19',
  what: 'hostile html and words on every page, in Chromium',
  wanted: '40 files, 200 strings: 0 scripts run, 0 requests elsewhere, 0 reports of a policy',
  async measure(bench) {
    const executablePath = findChromium()
    if (!executablePath) return { got: 'not measured: no Chromium here (apt-get install chromium)', pass: false }
    const world = await wholeProduct(bench)
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] })
    bench.onEnd(() => browser.close())
    const strings = bench.quick ? hostile.filter((_, at) => at % 8 === 0) : hostile
    await sendAll(world, [...strings, ...htmlFiles])
    const links = await linksOf(world, bench)
    const trouble: string[] = []
    const watched = await watchedPage(browser, world.url, trouble)
    for (const { link, isFile } of links) {
      if (isFile) await opensAsDownload(watched, link, trouble)
      else await watched.goto(link, { waitUntil: 'load' })
    }
    const mails = [...mailsTo(world, CC), ...mailsTo(world, AUTHOR)]
    // On an empty page, which has no policy that could help.
    const reading = await watchedPage(browser, world.url, trouble)
    for (const { html } of mails) await reading.setContent(html, { waitUntil: 'load' })
    // The same files as they are must be noticed, or nothing here would have been.
    const noticed: string[] = []
    const raw = await watchedPage(browser, world.url, noticed)
    for (const html of htmlFiles.slice(0, 5)) await raw.setContent(html, { waitUntil: 'load' }).catch(() => {})
    return {
      got: `${strings.length} strings, ${htmlFiles.length} files on ${links.length} pages and ${mails.length} mails: ${trouble.length} that ran, asked elsewhere or was reported${trouble.slice(0, 2).map((one) => `; ${one}`)}`,
      pass:
        trouble.length === 0 &&
        noticed.length > 0 &&
        links.some(({ isFile }) => isFile) &&
        mails.length >= strings.length,
    }
  },
}

const AUTHOR = 'mallory@evil.example'
const CC = 'charles@client.example'
const AT_ONCE = 10

/** Each as subject, name, html, file and file name of a request with a CC, answered and solved, so that all there is is sent. */
async function sendAll(world: World, texts: string[]): Promise<void> {
  for (let at = 0; at < texts.length; at += AT_ONCE)
    await receive(
      world,
      ...texts.slice(at, at + AT_ONCE).map((text, number) => mailWith(text, at + number, world.supportAddress)),
    )
  const { rows } = await world.db.query('select id::int from tickets order by id')
  const { deskAt, database } = world.product.forSamples
  for (const { id } of rows) await answer(world, id, texts[rows.findIndex((row) => row.id === id)] ?? '')
  const { rows: agents } = await database.query<{ id: number }>('select id::int from agents limit 1')
  for (const { id, even } of rows.map((row, at) => ({ ...row, even: at % 2 === 0 }))) {
    // Half are solved, for the survey; the other half is still asked what is missing.
    if (!even) continue
    const actor = { kind: 'agent', id: agents[0]!.id } as const
    await deskAt(world.clock).handle({
      type: 'solve',
      ticketId: id,
      actor,
      via: 'slack',
      source: `torture/solve/${id}`,
    })
  }
  await world.settle()
}

const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text.toWellFormed()).toString('base64')}?=`

function mailWith(text: string, number: number, us: string): Buffer {
  const content = Buffer.from(text)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\n')
  const file = (type: string, name: string) =>
    `--b\nContent-Type: ${type}\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}\nContent-Transfer-Encoding: base64\n\n${content}\n`
  const fields = `From: ${encoded(text.slice(0, 300))} <${AUTHOR}>\nTo: ${us}\nCc: ${CC}\nSubject: ${encoded(text.slice(0, 1000))}\nMessage-ID: <page-${number}@evil.example>\nMIME-Version: 1.0`
  const parts = `--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${content}\n${file('text/html', 'a.html')}${file('image/svg+xml', text.slice(0, 100).toWellFormed())}${file('application/xhtml+xml', 'b.xml')}--b--`
  const mail = mailOf(fields, parts, 'dmarc=pass header.from=evil.example').toString()
  return Buffer.from(
    mail.replace('Content-Type: text/plain; charset=utf-8', 'Content-Type: multipart/mixed; boundary=b'),
  )
}

async function linksOf(world: World, bench: Bench): Promise<{ link: string; isFile: boolean }[]> {
  const { database } = world.product.forSamples
  const secrets = createSecrets(SECRET_OF_TESTS, await installationId(database))
  const { rows: tickets } = await database.query<{ id: number }>('select id::int from tickets')
  const { rows: files } = await database.query<{ id: number; name: string }>(
    `select id::int, name from attachments where sha256 is not null order by id ${bench.quick ? 'limit 60' : 'limit 400'}`,
  )
  return [
    ...tickets.flatMap(({ id }) => [
      { link: surveyLink(world.url, secrets.surveyToken(id), 1), isFile: false },
      { link: describeLink(world.url, secrets.describeToken(id)), isFile: false },
    ]),
    ...files.map(({ id, name }) => ({ link: fileLink(world.url, id, secrets.fileToken(id), name), isFile: true })),
  ]
}

/** A page that writes down whatever should not happen. */
async function watchedPage(browser: Browser, own: string, trouble: string[]): Promise<Page> {
  const context = await browser.newContext({ acceptDownloads: false })
  const page = await context.newPage()
  page.on('dialog', (dialog) => {
    trouble.push(`a script ran: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(own) && !request.url().startsWith('about:'))
      trouble.push(`asked ${request.url().slice(0, 80)}`)
  })
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text()))
      trouble.push(`reported: ${message.text().slice(0, 120)}`)
  })
  return page
}

/** A browser that is sent to a file saves it; whatever it would show instead, it would show as ours. */
async function opensAsDownload(page: Page, link: string, trouble: string[]): Promise<void> {
  const shown = await page.goto(link).catch((error: Error) => (/download/i.test(error.message) ? null : error))
  if (shown !== null) trouble.push(`a file opened as a page: ${link.slice(-60)}`)
}
