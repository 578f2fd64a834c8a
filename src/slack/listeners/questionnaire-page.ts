import type { ModalView } from '@slack/types'
import type { Draft } from '../../store/drafts.ts'
import { filesIn, filledBefore, labelOf, type Page, pagesFor } from '../../ticket/form.ts'
import { type AnswerError, checkAnswers } from '../../ticket/form-answers.ts'
import { progressAt } from '../../ticket/form-progress.ts'
import type { Person } from '../../ticket/in-full.ts'
import type { Listening } from '../listening.ts'
import { pageModal } from '../views/form-modal.ts'
import { withNotes } from '../views/way-in.ts'
import { notesOf } from './comes-along.ts'

/** What is said on a page besides its questions. */
export interface PageNotes {
  /** By field key, in the person's words. */
  errors?: Record<string, string>
  /** They come back to a draft they left. `about`: what they typed this time. */
  resumed?: { about: string } | undefined
  hasChanged?: boolean
  /** They started over on this very page. */
  isAnew?: boolean
}

/** The page of this key on the way the draft takes, as a modal; the first page where that way has none of the key. */
export function pageOf(
  listening: Listening,
  person: Person,
  draft: Pick<Draft, 'id' | 'answers' | 'requester' | 'talk'>,
  key: string,
  notes: PageNotes = {},
): ModalView {
  const { intake, render } = listening
  const path = pagesFor(intake.form, draft.answers)
  const page = path.find((each) => each.key === key) ?? path[0]!
  const ctx = render.requesterContext(person)
  const shown = pageModal({
    form: intake.form,
    page,
    answers: filledBefore(intake.form, page, draft.answers),
    labels: listening.labelsFor(person),
    accounts: listening.accountsOf(draft.requester ?? person),
    draftId: draft.id,
    canGoBack: page !== path[0],
    isForAnother: draft.requester !== null,
    progress: progressAt(intake.form, page.key, draft.answers),
    ctx,
    ...notes,
  })
  return withNotes(shown, notesOf(draft, ctx))
}

/** What is wrong with a page, by field key (which is the block's id), in the person's words; null when nothing. */
export function errorsOf(
  listening: Listening,
  person: Person,
  page: Page,
  raw: Record<string, unknown>,
  draft: Draft,
): Record<string, string> | null {
  const { maxFileBytes } = listening
  const choices = { accounts: listening.accountsOf(draft.requester ?? person) }
  const checked = checkAnswers(page, raw, choices, draft.answers)
  if ('errors' in checked) {
    const labels = listening.labelsFor(person)
    const said = Object.entries<AnswerError>(checked.errors)
    return Object.fromEntries(said.map(([key, code]) => [key, labelOf(labels, `error.${code}`).text]))
  }
  const { words } = listening.render.requesterContext(person)
  for (const field of page.fields.filter(({ kind }) => kind === 'files')) {
    const tooLarge = filesIn(checked.answers[field.key]).find(({ size }) => size > maxFileBytes)
    if (tooLarge)
      return {
        [field.key]: words('chat.file-too-large', { name: tooLarge.name, limit: Math.floor(maxFileBytes / 1e6) }),
      }
  }
  return null
}
