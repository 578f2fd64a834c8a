import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox, type SandboxPage } from './sandbox-page.ts'

let box: SandboxPage

beforeAll(async () => {
  box = await openSandbox()
  await box.the('hint-close').click()
})
afterAll(() => box?.stop())

const gone = (name: string) => box.the(name).waitFor({ state: 'detached' })

test('what was typed and not sent is still there after being somebody else', async () => {
  const { the } = box
  await the('channel-general').click()
  await the('composer').fill('Half a sentence')
  await box.be('KOFI')
  await the('channel-general').click()
  expect(await the('composer').inputValue()).toBe('')
  await box.be('ADA')
  expect(await the('composer').inputValue()).toBe('Half a sentence')
  await the('composer').fill('')
})

test('a message reaches everybody at once, is edited and deleted', async () => {
  const { the, page } = box
  await the('composer').fill('Hello *all*')
  await the('composer').press('Enter')
  const message = page.locator('[data-test="message"]').filter({ hasText: 'Hello all' }).last()
  await message.hover()
  await the('message-more', message).click()
  await page.locator('[data-test="message-edit"]:visible').click()
  await the('edit').fill('Hello everybody')
  await the('edit').press('Enter')
  const edited = page.locator('[data-test="message"]').filter({ hasText: 'Hello everybody' }).last()
  await edited.filter({ hasText: '(edited)' }).waitFor()
  await edited.hover()
  await the('message-more', edited).click()
  await page.locator('[data-test="message-delete"]:visible').click()
  await the('confirm-yes').click()
  await edited.waitFor({ state: 'detached' })
})

test('a modal is filled with the keyboard; Escape closes the menu first, then the modal', async () => {
  const { the, page } = box
  await the('shortcuts').click()
  await page.locator('[data-test="shortcut-open_ticket"]:visible').click()
  await the('action-name').waitFor()
  await the('action-account').focus()
  await page.keyboard.press('Enter')
  await the('select-search').fill('sao')
  await the('option-acme-sao-paulo').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('[data-test="action-account"][data-value="acme-sao-paulo"]').waitFor()
  await page.keyboard.press('Enter')
  await the('select-search').waitFor()
  await page.keyboard.press('Escape')
  await gone('select-search')
  await the('modal').waitFor()
  await page.keyboard.press('Escape')
  await gone('modal')
})

test('one may be somebody else while a modal is open, and finds it again', async () => {
  const { the } = box
  await the('app').click()
  await the('app-home').click()
  await the('action-home.open_ticket').click()
  await the('modal').waitFor()
  await box.be('BRUNO')
  await gone('modal')
  await box.be('ADA')
  await the('modal').waitFor()
  await the('modal-x').click()
  await gone('modal')
})

test('an out-of-office reply changes nothing on the ticket', async () => {
  const { the, page } = box
  await the('tab-mail').click()
  await page.locator('.mail-row').filter({ hasText: 'marked your request' }).first().click()
  const number = /#\d+/.exec(await the('mail-subject').innerText())?.[0]
  await the('mail-out-of-office').click()
  await the('notice').filter({ hasText: 'out-of-office' }).waitFor()
  // The answer to a push says that the desk has read its mail and done what was due.
  await the('clock-open').click()
  await the('clock-push-1h').click()
  await page.locator('[data-test="clock"][aria-busy="false"][data-ahead="3600000"]').waitFor()
  await box.be('KOFI')
  await the('tab-slack').click()
  await the('channel-triage').click()
  const card = page
    .locator('.pane [data-test="message"]')
    .filter({ hasText: `${number} ` })
    .first()
  await card.filter({ hasText: /Status: .*Solved/ }).waitFor()
  expect(await page.getByText('Automatic reply').count()).toBe(0)
})

test('on a phone there is one column at a time and nothing is wider than the screen', async () => {
  const { the, page } = box
  const fits = async () => expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.evaluate(() => {
    location.hash = 'person=U0ADA'
  })
  await the('channel-general').waitFor()
  expect(await the('composer').isVisible()).toBe(false)
  await fits()
  await the('channel-general').click()
  await the('composer').waitFor()
  expect(await the('channel-general').isVisible()).toBe(false)
  await fits()
  await the('tab-mail').click()
  await the('mail-0').waitFor({ state: 'attached' })
  await fits()
})

test('the page complained of nothing', () => {
  expect(box.complaints).toEqual([])
})
