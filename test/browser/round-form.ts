import type { Player } from './round-ways.ts'

/** What is chosen and typed on one page of the questionnaire, by the key of its question. */
interface PageAnswers {
  radios?: Record<string, string>
  selects?: Record<string, string>
  texts?: Record<string, string>
}

export type Branch = 'technical' | 'financial' | 'commercial'

/** What a round asks for: the pages of its branch after the choice of the branch. */
export interface Asked {
  branch: Branch
  account: 'acme-berlin' | 'acme-sao-paulo'
  pages: PageAnswers[]
  /** What was chosen as its subject; undefined where the subject is typed. */
  option?: string
  /** A word of it, to find it by. */
  word: string
}

export function technical(account: Asked['account'], subject: string, description: string, word: string): Asked {
  return {
    branch: 'technical',
    account,
    word,
    pages: [
      { radios: { problem_type: '1' }, texts: { subject } },
      { radios: { impact: 'critical', users: 'all' } },
      { radios: { experience: '2' }, texts: { description } },
    ],
  }
}

export function financial(account: Asked['account'], option: string, description: string, word: string): Asked {
  return {
    branch: 'financial',
    account,
    option,
    word,
    pages: [{ selects: { financial: option } }, { texts: { description } }],
  }
}

export function commercial(account: Asked['account'], option: string, page: PageAnswers, word: string): Asked {
  return { branch: 'commercial', account, option, word, pages: [{ radios: { commercial: option } }, page] }
}

/** Fills in the open form page by page, each of them looked at, and sends it; the number it was given. */
export async function fillIn(player: Player, { branch, account, pages }: Asked): Promise<string> {
  const { the, page } = player.box
  const all: PageAnswers[] = [{ selects: { account } }, { radios: { branch } }, ...pages]
  for (const answers of all) {
    const first = Object.keys({ ...answers.radios, ...answers.selects, ...answers.texts })[0]!
    const articles = page.locator('[data-test="modal"][data-callback="articles.page"]')
    await articles
      .or(the(`block-${first}`))
      .first()
      .waitFor()
    if (await articles.isVisible()) {
      await player.looks(the('modal'))
      await the('modal-submit').click()
      await the(`block-${first}`).waitFor()
    }
    await player.looks(the('modal'))
    for (const [key, option] of Object.entries(answers.radios ?? {}))
      await the(`option-${option}`, the(`block-${key}`)).click()
    for (const [key, option] of Object.entries(answers.selects ?? {})) {
      await the(`action-${key}`).click()
      await the(`option-${option}`).click()
      await the(`option-${option}`).waitFor({ state: 'detached' })
    }
    for (const [key, text] of Object.entries(answers.texts ?? {})) await the(`action-${key}`).fill(text)
    await the('modal-submit').click()
  }
  await page.locator('[data-test="modal"][data-callback="intake.sent"]').waitFor()
  await player.looks(the('modal'))
  const number = /#(\d+)/.exec(await the('modal').innerText())?.[1]
  if (!number) throw new Error('the form was sent, and no number was given')
  await player.closeModals()
  return number
}
