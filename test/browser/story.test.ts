import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Moves, movesOn } from './moves.ts'
import { openSandbox, type SandboxPage } from './sandbox-page.ts'

/** The whole main job, played by hand in the sandbox: what a person who tries Deskhand does in their first ten minutes. */
const subject = 'The label printer prints blank labels'
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
let box: SandboxPage
let moves: Moves
let number = ''

beforeAll(async () => {
  box = await openSandbox()
  moves = movesOn(box)
})
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.log(`what was on screen: ${await box.failure(task.name)}`)
})
afterAll(() => box?.stop())

/** The ticket's card in the triage channel, which Kofi has open. */
const card = (): Locator => moves.message(number)
const shows: Moves['shows'] = (where, words) => moves.shows(where, words)

/** The file itself stands in the open thread, from the desk, as a picture that loads. */
async function seesPicture(): Promise<void> {
  const picture = box.the('thread').locator('figure[data-test="file"] img[alt="ribbon.png"]')
  await picture.waitFor()
  await expect.poll(() => picture.evaluate((image) => (image as { naturalWidth?: number }).naturalWidth)).toBe(1)
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
  await box.picture('form', 1000)
  await next()

  await shows(the('modal'), /#\d+/)
  number = /#(\d+)/.exec(await the('modal').innerText())?.[1] ?? ''
  expect(number).not.toBe('')
  await the('modal-x').click()
})

test('an agent takes it and answers; the thread of its card is internal', async () => {
  const { the } = box
  await moves.beKofiInTriage()
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
  await box.picture('triage', 900)
})

test('the client answers by mail', async () => {
  await moves.answerMail('ADA', number, /Kofi Mensah/, 'It is a Zebra ZD421, the one by the door.')
  await moves.beKofiInTriage()
  await box.the('open-thread', card()).click()
  await shows(box.the('thread'), 'It is a Zebra ZD421')
  expect(await box.the('thread').innerText()).not.toMatch(/Kofi Mensah \(Support\).*wrote:/)
})

test('a reply inside the window reopens what was solved', async () => {
  const { the } = box
  await the('action-ticket.solve', card()).click()
  await shows(card(), /Status: .*Solved/)
  await moves.answerMail('ADA', number, /marked your request/, 'It is blank again, sorry.')
  await moves.beKofiInTriage()
  await shows(card(), /Status: .*Open/)
  await the('open-thread', card()).click()
  await shows(the('thread'), 'It is blank again, sorry.')
})

test('the survey is answered on the page its mail links to', async () => {
  const { the, page } = box
  await the('action-ticket.solve', card()).click()
  await shows(card(), /Status: .*Solved/)
  // Solved again within hours, the second mail does not ask once more; the first one's link is good for both.
  await moves.openMail('ADA', number, /marked your request/, 'oldest')
  const mail = page.frameLocator('[data-test="mail-html"]')
  await mail.getByText('Very good').waitFor()
  await box.picture('mail', 1000)
  const survey = await moves.followLink(mail.getByText('Very good'))
  await box.picture('survey', 820, survey)
  await survey.locator('button[type=submit], input[type=submit]').first().click()
  await survey.getByText(/thank/i).first().waitFor()
  await survey.close()
  await moves.beKofiInTriage()
  await shows(card(), '★')
})

test('the client sees it all in Slack', async () => {
  const { the } = box
  await box.be('ADA')
  await the('tab-slack').click()
  await the('app').click()
  await the('app-messages').click()
  await the('open-thread', moves.message(number)).click()
  await seesPicture()
  await shows(the('thread'), 'Could you tell me which printer it is?')
  await box.picture('messages')
  await the('app-home').click()
  await shows(the('home'), subject)
  await box.picture('home')
  const row = box.page
    .locator('.home-page .block.section')
    .filter({ hasText: `#${number}` })
    .last()
  await the('action-request.show', row).click()
  await shows(the('modal'), 'It is a Zebra ZD421')
  await box.picture('request', 1000)
  await the('modal-x').click()
})

test('27 hours later it is closed, and a late mail becomes a follow-up', async () => {
  const { page } = box
  await moves.pushClock('27h')
  await moves.pushClock('1h')
  await moves.beKofiInTriage()
  await shows(card(), /Status: .*Closed/)

  await moves.answerMail('ADA', number, /marked your request/, 'One more thing: the second printer does the same now.')
  await moves.beKofiInTriage()
  const followUp = page
    .locator('.pane [data-test="message"]')
    .filter({ hasText: /follow-up/i })
    .last()
  await shows(followUp, `#${number}`)
})

test('the page complained of nothing', () => {
  expect(box.complaints).toEqual([])
})
