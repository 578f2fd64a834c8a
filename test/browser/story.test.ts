import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openSandbox, type SandboxPage } from './sandbox-page.ts'

/** The whole main job, played by hand in the sandbox: what a person who tries Deskhand does in their first ten minutes. */
const subject = 'The label printer prints blank labels'
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
let box: SandboxPage
let number = ''

beforeAll(async () => {
  box = await openSandbox()
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(`what was on screen: ${await box.failure(task.name)}`)
})
afterAll(() => box?.stop())

/** The ticket's card in the triage channel, which Kofi has open. */
const card = (): Locator =>
  box.page
    .locator('.pane [data-test="message"]')
    .filter({ hasText: `#${number} ${subject}` })
    .last()

async function shows(where: Locator, words: string | RegExp): Promise<void> {
  await where.filter({ hasText: words }).first().waitFor()
}

/** The file itself stands in the open thread, from the desk, as a picture that loads. */
async function seesPicture(): Promise<void> {
  const picture = box.the('thread').locator('figure[data-test="file"] img[alt="ribbon.png"]')
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth)).toBe(1)
}

async function beKofiInTriage(): Promise<void> {
  await box.be('KOFI')
  await box.the('tab-slack').click()
  await box.the('channel-triage').click()
}

/** Opens Ada's newest mail with these words and answers it. */
async function adaAnswersMail(words: RegExp, text: string): Promise<void> {
  await openAdasMail(words)
  await box.the('mail-reply').click()
  await box.the('mail-body').fill(text)
  await box.the('mail-send').click()
  await box.the('compose').waitFor({ state: 'detached' })
}

async function openAdasMail(words: RegExp, which: 'newest' | 'oldest' = 'newest'): Promise<void> {
  const found = box.page
    .locator('.mail-row')
    .filter({ hasText: `[#${number}]` })
    .filter({ hasText: words })
  await box.be('ADA')
  await box.the('tab-mail').click()
  await (which === 'newest' ? found.first() : found.last()).click()
  await box.the('letter').waitFor()
}

test('the first visit says how to begin', async () => {
  await shows(box.the('hint'), 'A help desk in three steps')
  await box.the('hint-close').click()
  await box.the('hint').waitFor({ state: 'detached' })
})

test('a client opens a Technical ticket through every page, with a file', async () => {
  const { the } = box
  const next = () => the('modal-submit').click()
  await box.be('ADA')
  await the('channel-general').click()
  await the('composer').fill('/tic')
  await the('command-/ticket').waitFor()
  await the('composer').press('Enter')
  await the('composer').press('Enter')

  await the('action-account').click()
  await the('option-acme-berlin').click()
  await next()
  await the('option-technical').click()
  await next()
  await the('option-1').click()
  await the('action-subject').fill(subject)
  await the('action-intake.back').click()
  await the('option-technical').waitFor()
  await next()
  await the('action-subject').waitFor()
  expect(await the('action-subject').inputValue()).toBe(subject)
  await next()
  await the('option-critical').click()
  await the('option-all').click()
  await next()
  await the('action-description').waitFor()
  await next()
  await shows(the('error-description'), /required/)
  await the('option-2').click()
  await the('action-description').fill('Since this morning every label comes out blank. We restarted it twice.')
  await the('action-file').setInputFiles({
    name: 'printer.log',
    mimeType: 'text/plain',
    buffer: Buffer.from('E42 no ink'),
  })
  await the('file').waitFor()
  await the('error-description').waitFor({ state: 'detached' })
  await box.picture('form')
  await next()

  await shows(the('modal'), /#\d+/)
  number = /#(\d+)/.exec(await the('modal').innerText())?.[1] ?? ''
  expect(number).not.toBe('')
  await the('modal-x').click()
})

test('an agent takes it and answers; the thread of its card is internal', async () => {
  const { the } = box
  await beKofiInTriage()
  await shows(card(), subject)
  await the('open-thread', card()).click()
  await shows(the('thread'), 'printer.log')
  await the('action-ticket.take', card()).click()
  await shows(card(), /Assignee: Kofi Mensah/)
  await the('thread-composer').fill('Looks like the ribbon to me.')
  await the('thread-send').click()
  await shows(the('thread'), 'Looks like the ribbon to me.')

  await the('action-ticket.reply', card()).click()
  await the('action-reply').fill('Could you tell me which printer it is?')
  await the('action-files').setInputFiles({ name: 'ribbon.png', mimeType: 'image/png', buffer: pixel })
  await the('file').waitFor()
  await the('modal-submit').click()
  await the('modal').waitFor({ state: 'detached' })
  await shows(the('thread'), 'Could you tell me which printer it is?')
  await seesPicture()
  await box.picture('triage')
})

test('the client answers by mail', async () => {
  await adaAnswersMail(/Kofi Mensah/, 'It is a Zebra ZD421, the one by the door.')
  await beKofiInTriage()
  await box.the('open-thread', card()).click()
  await shows(box.the('thread'), 'It is a Zebra ZD421')
  expect(await box.the('thread').innerText()).not.toMatch(/Kofi Mensah \(Support\).*wrote:/)
})

test('a reply inside the window reopens what was solved', async () => {
  const { the } = box
  await the('action-ticket.solve', card()).click()
  await shows(card(), /Status: .*Solved/)
  await adaAnswersMail(/marked your request/, 'It is blank again, sorry.')
  await beKofiInTriage()
  await shows(card(), /Status: .*Open/)
  await the('open-thread', card()).click()
  await shows(the('thread'), 'It is blank again, sorry.')
})

test('the survey is answered on the page its mail links to', async () => {
  const { the, page } = box
  await the('action-ticket.solve', card()).click()
  await shows(card(), /Status: .*Solved/)
  // Solved again within hours, the second mail does not ask once more; the first one's link is good for both.
  await openAdasMail(/marked your request/, 'oldest')
  const mail = page.frameLocator('[data-test="mail-html"]')
  await mail.getByText('Very good').waitFor()
  await box.picture('mail')
  const [survey] = await Promise.all([page.context().waitForEvent('page'), mail.getByText('Very good').click()])
  await survey.waitForLoadState()
  await box.picture('survey', survey)
  await survey.locator('button[type=submit], input[type=submit]').first().click()
  await survey.getByText(/thank/i).first().waitFor()
  await survey.close()
  await beKofiInTriage()
  await shows(card(), '★')
})

test('the client sees it all in Slack', async () => {
  const { the, page } = box
  await box.be('ADA')
  await the('tab-slack').click()
  await the('app').click()
  await the('app-messages').click()
  const parent = page
    .locator('.pane [data-test="message"]')
    .filter({ hasText: `#${number} ${subject}` })
    .last()
  await the('open-thread', parent).click()
  await seesPicture()
  await shows(the('thread'), 'Could you tell me which printer it is?')
  await box.picture('messages')
  await the('app-home').click()
  await shows(the('home'), subject)
  await box.picture('home')
})

test('27 hours later it is closed, and a late mail becomes a follow-up', async () => {
  const { the, page } = box
  await the('clock-open').click()
  await the('clock-push-27h').click()
  await page.locator('[data-test="clock"][aria-busy="false"][data-ahead="97200000"]').waitFor()
  await the('clock-open').click()
  await the('clock-push-1h').click()
  await page.locator('[data-test="clock"][aria-busy="false"][data-ahead="100800000"]').waitFor()
  await beKofiInTriage()
  await shows(card(), /Status: .*Closed/)

  await adaAnswersMail(/marked your request/, 'One more thing: the second printer does the same now.')
  await beKofiInTriage()
  const followUp = page
    .locator('.pane [data-test="message"]')
    .filter({ hasText: /follow-up/i })
    .last()
  await shows(followUp, `#${number}`)
})

test('the page complained of nothing', () => {
  expect(box.complaints).toEqual([])
})
