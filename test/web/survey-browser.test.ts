import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { surveyLink } from '../../src/web.ts'
import { findChromium } from '../support/chromium.ts'
import { type Office, openOffice } from './office.ts'

const executablePath = findChromium()

describe.skipIf(!executablePath)('in a browser without JavaScript (needs Debian: apt install chromium)', () => {
  let office: Office
  let server: Server
  let browser: Browser
  const posts: IncomingMessage['headers'][] = []

  beforeAll(async () => {
    office = await openOffice()
    const listener = getRequestListener(office.web.fetch)
    server = createServer((req, res) => {
      if (req.method === 'POST') posts.push(req.headers)
      void listener(req, res)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await office?.close()
  })

  async function open(ticketId: number, score?: number): Promise<Page> {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 640 } })
    const page = await context.newPage()
    const { port } = server.address() as AddressInfo
    await page.goto(surveyLink(`http://127.0.0.1:${port}`, office.tokenOf(ticketId), score))
    return page
  }

  test('the keyboard alone votes, and the policy lets the page send its own form', async () => {
    const ticketId = await office.openTicket()
    await office.solve(ticketId)
    const page = await open(ticketId)
    for (const key of ['Tab', 'Space', 'ArrowDown', 'Tab', 'h', 'i', 'Tab', 'Enter']) await page.keyboard.press(key)
    await page.waitForURL(/thanks/)
    expect(await page.locator('.told').textContent()).toBe('Thank you. The team reads every answer.')
    expect(await office.votes(ticketId)).toEqual([4])
    // What isFromAnotherSite relies on: with Referrer-Policy no-referrer our own form says null.
    expect(posts.at(-1)).toMatchObject({ origin: 'null', 'sec-fetch-site': 'same-origin' })
  })

  test('the page keeps within a phone, in its own style, whatever the subject', async () => {
    const ticketId = await office.openTicket(`${'W'.repeat(250)}<img src=x onerror=alert(1)>`, 'es')
    await office.solve(ticketId)
    const page = await open(ticketId, 1)
    expect(await page.locator('img').count()).toBe(0)
    expect((await page.locator('main').boundingBox())!.width).toBeLessThanOrEqual(360)
    expect((await page.locator('bdi').boundingBox())!.width).toBeLessThanOrEqual(360)
    // Send stays in sight: who came from a choice in the mail sees that it still has to be pressed.
    const send = (await page.getByRole('button', { name: 'Enviar' }).boundingBox())!
    expect(send.y + send.height).toBeLessThanOrEqual(640)
    expect(await page.getByRole('radio', { name: 'Muy mal' }).isChecked()).toBe(true)
  })
})
