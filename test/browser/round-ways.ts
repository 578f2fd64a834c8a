import type { Locator } from 'playwright-core'
import type { Moves, Person } from './moves.ts'
import type { SandboxPage } from './sandbox-page.ts'

/** Who plays a round: their hands, their words for the command, and eyes that know their language. */
export interface Player {
  box: SandboxPage
  moves: Moves
  person: Person
  /** What they type after the command for this. */
  word(name: 'mine' | 'search' | 'reply' | 'reopen' | 'follow-up' | 'rate'): string
  /** Nothing there is in another language than theirs, or wider than their screen. */
  looks(where: Locator): Promise<void>
  closeModals(): Promise<void>
}

type Way = (player: Player, number: string, text: string) => Promise<Locator>

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

/** Each leads to the first page of the form. */
export const openings = {
  async home({ box, moves, looks }) {
    await moves.toApp('home')
    await looks(box.the('home'))
    await box.the('action-home.open_ticket').click()
  },
  command: ({ moves }) => moves.type('/ticket'),
  async shortcut({ box, moves }) {
    await moves.toChannel('general')
    await box.the('shortcuts').click()
    await box.page.locator('[data-test="shortcut-open_ticket"]:visible').click()
  },
  async words({ box, moves, looks }, text) {
    await moves.toApp('messages')
    await box.the('composer').fill(text)
    await box.the('composer').press('Enter')
    const button = box.the('action-way-in.open')
    await button.waitFor()
    await looks(last(box))
    await button.click()
  },
} satisfies Record<string, (player: Player, text: string) => Promise<void>>

/** Each leads to the request in a modal. */
export const finds = {
  async search({ box, moves }, number, text) {
    await moves.toApp('home')
    await box.the('action-home.search').fill(text)
    await box.the('action-home.search').press('Enter')
    await box.the('action-home.clear').waitFor()
    await show(box, box.the('home'), number)
    return box.the('modal')
  },
  async mine({ box, moves, word, looks }, number) {
    await moves.type(`/ticket ${word('mine')}`)
    await moves.shows(last(box), `#${number}`)
    await looks(last(box))
    await show(box, last(box), number)
    return box.the('modal')
  },
  async words({ box, moves, word, looks }, number, text) {
    await moves.type(`/ticket ${word('search')} ${text}`)
    await moves.shows(last(box), `#${number}`)
    await looks(last(box))
    await show(box, last(box), number)
    return box.the('modal')
  },
  async number({ box, moves }, number) {
    await moves.type(`/ticket ${number}`)
    await box.the('modal').waitFor()
    return box.the('modal')
  },
} satisfies Record<string, Way>

export const answers = {
  async modal(player, number, text) {
    const { box, looks } = player
    await finds.number(player, number)
    await box.the('action-request.reply').click()
    await box.the('action-reply').fill(text)
    await box.the('action-files').setInputFiles({ name: 'ribbon.png', mimeType: 'image/png', buffer: picture })
    await box.the('file').waitFor()
    await looks(box.the('modal'))
    await box.the('modal-submit').click()
    await box.page.locator('[data-test="modal"][data-callback="request.modal"]').filter({ hasText: text }).waitFor()
    return box.the('modal')
  },
  thread: writeInThread,
  mail: writeMail,
  async command({ box, moves, word }, number, text) {
    await moves.type(`/ticket ${word('reply')} ${number} ${text}`)
    await moves.shows(last(box), `#${number}`)
    return last(box)
  },
} satisfies Record<string, Way>

export const reopenings = {
  thread: writeInThread,
  mail: writeMail,
  async button({ box, moves }, number) {
    await moves.toApp('messages')
    await box.the('action-request.reopen', moves.message(number)).click()
    await box.the('action-request.solve', moves.message(number)).waitFor()
    return moves.message(number)
  },
  async modal(player, number) {
    const { box } = player
    await finds.number(player, number)
    await box.the('action-request.reopen').click()
    await box.the('action-request.solve').waitFor()
    return box.the('modal')
  },
  async command({ box, moves, word }, number) {
    await moves.type(`/ticket ${word('reopen')} ${number}`)
    await moves.shows(last(box), `#${number}`)
    return last(box)
  },
} satisfies Record<string, Way>

export const followUps = {
  thread: writeInThread,
  async mail({ box, moves, person }, number, text) {
    await moves.answerMail(person, number, /./, text)
    await moves.openThread(number)
    return box.the('thread')
  },
  async modal(player, number, text) {
    const { box, looks } = player
    await finds.number(player, number)
    await looks(box.the('modal'))
    await box.the('action-request.follow-up').click()
    await box.the('action-reply').fill(text)
    await looks(box.the('modal'))
    await box.the('modal-submit').click()
    await box.the('action-reply').waitFor({ state: 'detached' })
    return box.the('modal')
  },
  async command({ box, moves, word }, number, text) {
    await moves.type(`/ticket ${word('follow-up')} ${number} ${text}`)
    await moves.shows(last(box), `#${number}`)
    return last(box)
  },
} satisfies Record<string, Way>

export const ratings = {
  async thread({ box, moves }, number) {
    await moves.openThread(number)
    await box.the('action-survey.rate.5', box.the('thread')).click()
    await moves.shows(box.the('thread'), '★★★★★')
    return box.the('thread')
  },
  async home({ box, moves }, number) {
    await moves.toApp('home')
    const votes = box
      .the('home')
      .locator('.block.section')
      .filter({ hasText: `#${number} ` })
      .locator('xpath=following-sibling::*[1]')
      .locator('[data-test="action-survey.rate.4"]')
    await votes.first().click()
    // The request comes up, where a comment can be added.
    await moves.shows(box.the('modal'), '★★★★')
    return box.the('modal')
  },
  /** The newest mail about it, which says that it is closed, asks once more. */
  async mail({ box, moves, person, looks }, number) {
    await moves.openMail(person, number, /./)
    const mail = box.page.frameLocator('[data-test="mail-html"]')
    const survey = await moves.followLink(mail.locator('a[href*="/survey/"]').first())
    await looks(survey.locator('body'))
    await survey.locator('button[type=submit]').first().click()
    await survey.locator('button[name=again], .send').first().waitFor({ state: 'detached' })
    await looks(survey.locator('body'))
    await survey.close()
    return mail.locator('body')
  },
  async command({ box, moves, word }, number) {
    await moves.type(`/ticket ${word('rate')} ${number} 5`)
    await moves.shows(last(box), `#${number}`)
    return last(box)
  },
  async modal(player, number) {
    const { box } = player
    await finds.number(player, number)
    await box.the('action-survey.rate.3').click()
    await player.moves.shows(box.the('modal'), '★★★')
    return box.the('modal')
  },
} satisfies Record<string, Way>

async function writeInThread({ box, moves }: Player, number: string, text: string): Promise<Locator> {
  await moves.openThread(number)
  await moves.writeInThread(text)
  return box.the('thread')
}

/** Answers the newest mail about it; what was read there is what one looks at. */
async function writeMail({ box, moves, person, looks }: Player, number: string, text: string): Promise<Locator> {
  await moves.openMail(person, number, /./)
  await looks(box.page.frameLocator('[data-test="mail-html"]').locator('body'))
  await moves.answerMail(person, number, /./, text)
  await moves.openThread(number)
  await moves.shows(box.the('thread'), text)
  return box.the('thread')
}

/** The newest message of the open channel: what the app just said to them alone. */
function last(box: SandboxPage): Locator {
  return box.page.locator('.pane [data-test="message"]').last()
}

/** Presses View beside this request. */
async function show(box: SandboxPage, where: Locator, number: string): Promise<void> {
  const row = where.locator('.block.section').filter({ hasText: `#${number} ` })
  await row.locator('[data-test="action-request.show"]').last().click()
  await box.the('modal').waitFor()
}
