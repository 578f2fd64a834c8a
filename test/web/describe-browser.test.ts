import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readForm, readWholeForm } from '../../src/form-file.ts'
import { describeLink } from '../../src/web.ts'
import { findChromium } from '../support/chromium.ts'
import { type Office, openOffice } from './office.ts'

const executablePath = findChromium()

describe.skipIf(!executablePath)('in a browser without JavaScript (needs Debian: apt install chromium)', () => {
  let office: Office
  let server: Server
  let browser: Browser

  beforeAll(async () => {
    const options = { company: 'Acme' }
    const { form } = await readForm('templates', 'en', options)
    const labels = (await readWholeForm('templates', ['en', 'es'], options)).labels
    const accounts = Array.from({ length: 8 }, (_, n) => ({ key: `s${n}`, name: `Shop ${n} ${'W'.repeat(60)}` }))
    office = await openOffice({ questionnaire: { form, labels, accountsOf: () => accounts } })
    server = createServer(getRequestListener(office.web.fetch))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    await office?.close()
  })

  async function open(ticketId: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const viewport = { width: 360, height: 640 }
    const context = await browser.newContext({ javaScriptEnabled: false, viewport, colorScheme })
    const page = await context.newPage()
    const { port } = server.address() as AddressInfo
    await page.goto(describeLink(`http://127.0.0.1:${port}`, office.secrets.describeToken(ticketId)))
    return page
  }

  test('some questions are answered by a click, others are left', async () => {
    const ticketId = await office.openTicket()
    const page = await open(ticketId)
    await page.getByText('Unexpected behavior with critical store resources').click()
    await page.getByText('All users').click()
    await page.locator('select').selectOption('s3')
    await page.getByRole('button').click()
    await page.waitForURL(/thanks/)
    expect(await page.locator('.told').textContent()).toBe('Thank you. The team has your answers.')
    expect(await page.locator('fieldset').count()).toBe(1)
    const { rows } = await office.database.query('select priority, account_key from tickets where id = $1', [ticketId])
    expect(rows).toEqual([{ priority: 'urgent', account_key: 's3' }])
  })

  test('COM-02 what a commercial request needs is ticked and typed on a phone', async () => {
    const ticketId = await office.openTicket()
    const page = await open(ticketId)
    const send = () => page.getByRole('button').click()
    await page.getByText('Trade policies, additional accounts').click()
    await page.locator('select').selectOption('s3')
    await send()
    await page.getByText('Creating a trade policy').click()
    await send()
    await page.getByLabel('Name of the trade policy').fill('B2B in Lima')
    await page.getByText('Prices', { exact: true }).click()
    await page.getByText('Payment conditions').click()
    await page.getByLabel('When you would like to have it').fill('2027-03-01')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    if (process.env.SCREENSHOTS)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/describe-commercial.png`, fullPage: true })
    await send()
    const { rows } = await office.database.query('select answers from tickets where id = $1', [ticketId])
    expect(rows[0]!.answers).toMatchObject({
      commercial: '1',
      trade_policy_name: 'B2B in Lima',
      trade_policy_differences: ['prices', 'payment'],
      wanted_by: '2027-03-01',
    })
  })

  test.each(['light', 'dark'] as const)('the page keeps within a phone, in its own style: %s', async (scheme) => {
    const page = await open(await office.openTicket('W'.repeat(250), 'es'), scheme)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBe(360)
    const [paper, ink] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.querySelector('select')!)
      return [backgroundColor, color]
    })
    expect([paper, ink]).toEqual(
      scheme === 'light' ? ['rgb(255, 255, 255)', 'rgb(29, 33, 37)'] : ['rgb(30, 34, 37)', 'rgb(236, 238, 237)'],
    )
    if (process.env.SCREENSHOTS)
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/describe-${scheme}.png`, fullPage: true })
  })
})
