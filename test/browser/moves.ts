import type { Locator } from 'playwright-core'
import type { SandboxPage } from './sandbox-page.ts'

export type Person = Parameters<SandboxPage['be']>[0]

/** What hands do on the sandbox's page, whatever the story: each answers once the page shows what it led to. */
export type Moves = ReturnType<typeof movesOn>

export function movesOn(box: SandboxPage) {
  const { page, the } = box

  /** Goes back, as one does on a phone, until this stands on the screen; on a wide one it always does. */
  async function backTo(tab: 'slack' | 'mail', list: Locator, back: Locator): Promise<void> {
    await the(`tab-${tab}`).click()
    await page.locator(`[data-test="tab-${tab}"][aria-pressed="true"]`).waitFor()
    for (;;) {
      await list.or(back).filter({ visible: true }).first().waitFor()
      if (await list.first().isVisible()) return
      // The list may have come meanwhile, and nothing is left to be pressed.
      await back
        .last()
        .click({ timeout: 2000 })
        .catch(() => {})
    }
  }

  const toList = () =>
    backTo('slack', the('app'), page.locator('[data-test="thread-close"]:visible, [data-test="back"]:visible'))

  const moves = {
    /** The message with this ticket's number in its title, in the open channel: its card, or the root of its thread. */
    message: (number: string): Locator =>
      page
        .locator('.pane [data-test="message"]')
        .filter({ has: page.locator('h3').filter({ hasText: new RegExp(`^\\W*#${number} `) }) })
        .last(),

    async shows(where: Locator, words: string | RegExp): Promise<void> {
      await where.filter({ hasText: words }).first().waitFor()
    },

    async toChannel(name: string): Promise<void> {
      await toList()
      await the(`channel-${name}`).click()
      // The field of the conversation before stands there for a moment, and what is typed into it goes with it.
      await page.locator(`[data-test="composer"][placeholder*="#${name}"]`).waitFor()
    },

    async toApp(tab: 'home' | 'messages'): Promise<void> {
      await toList()
      await the('app').click()
      await the(`app-${tab}`).click()
      await the(tab === 'home' ? 'home' : 'composer').waitFor()
    },

    async beKofiInTriage(): Promise<void> {
      await box.be('KOFI')
      await moves.toChannel('triage')
    },

    /** Writes in #general, as a command is. */
    async type(text: string): Promise<void> {
      await moves.toChannel('general')
      await the('composer').fill(text)
      await the('composer').press('Enter')
    },

    async openThread(number: string): Promise<void> {
      await moves.toApp('messages')
      await the('open-thread', moves.message(number)).click()
      await the('thread').waitFor()
    },

    async writeInThread(text: string): Promise<void> {
      await the('thread-composer').fill(text)
      await the('thread-send').click()
      await moves.shows(the('thread'), text)
    },

    /** Opens the newest (or oldest) mail about a ticket that has these words in its list. */
    async openMail(person: Person, number: string, words: RegExp, which: 'newest' | 'oldest' = 'newest') {
      const found = page
        .locator('.mail-row')
        .filter({ hasText: `[#${number}]` })
        .filter({ hasText: words })
      await box.be(person)
      await backTo('mail', page.locator('.mail-row'), page.locator('[data-test="mail-back"]:visible'))
      await (which === 'newest' ? found.first() : found.last()).click()
      await the('letter').waitFor()
    },

    async answerMail(person: Person, number: string, words: RegExp, text: string): Promise<void> {
      await moves.openMail(person, number, words)
      await the('mail-reply').click()
      await the('mail-body').fill(text)
      await the('mail-send').click()
      await the('compose').waitFor({ state: 'detached' })
    },

    /** Presses what opens a page of its own in the browser, and answers that page. */
    async followLink(link: Locator) {
      const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
      await opened.waitForLoadState()
      return opened
    },

    async pushClock(preset: '1h' | '27h' | '5d'): Promise<void> {
      const ahead = Number(await the('clock').getAttribute('data-ahead'))
      const ms = { '1h': 1, '27h': 27, '5d': 120 }[preset] * 3_600_000
      await the('clock-open').click()
      await the(`clock-push-${preset}`).click()
      await page.locator(`[data-test="clock"][aria-busy="false"][data-ahead="${ahead + ms}"]`).waitFor()
    },
  }
  return moves
}
