import type { ModalView } from '@slack/types'
import type { Answers, Page } from '../ticket/form.ts'
import { labelOf } from '../ticket/form.ts'
import type { Person } from '../ticket/in-full.ts'
import type { Listening } from './listening.ts'
import { type FormButtons, suggestionsModal } from './views/articles/article-modals.ts'
import type { PageMetadata } from './views/form-modal.ts'

/**
 * Articles that may settle what was typed as the subject on `page`, as a page before the next one; null when nothing was
 * typed there, nothing fits or the search takes too long: then the next page comes at once (TEC-03, TEC-04). `next` is the
 * draft and the page after.
 */
export async function suggestionsFor(
  listening: Listening,
  person: Person,
  page: Pick<Page, 'fields'>,
  next: PageMetadata,
  answers: Answers,
): Promise<ModalView | null> {
  const { roles } = listening.intake.form
  const asked = page.fields.find(({ key, kind }) => kind === 'text' && roles.subject.includes(key))
  return asked ? suggestions(listening, person, next, String(answers[asked.key] ?? '')) : null
}

/** The same for a draft whose subject was typed before. */
export async function suggestionsAgain(
  listening: Listening,
  person: Person,
  next: PageMetadata,
  answers: Answers,
): Promise<ModalView | null> {
  return suggestions(listening, person, next, typedSubject(listening, answers))
}

/** The subject that was typed, not chosen, in a draft; empty where there is none. */
export function typedSubject({ intake }: Listening, answers: Answers): string {
  const fields = intake.form.pages.flatMap(({ fields }) => fields)
  const typed = fields.find(({ key, kind }) => kind === 'text' && intake.form.roles.subject.includes(key))
  const answer = typed && answers[typed.key]
  return typeof answer === 'string' ? answer : ''
}

/** The words of the form's buttons, in the language of who fills it in. */
export function formButtons(listening: Listening, person: Pick<Person, 'locale'>): FormButtons {
  const labels = listening.labelsFor(person)
  const said = (button: string) => labelOf(labels, `button.${button}`).text
  return { continue: said('continue'), back: said('back'), close: said('close') }
}

async function suggestions(
  listening: Listening,
  person: Person,
  meta: PageMetadata,
  text: string,
): Promise<ModalView | null> {
  const articles = await listening.articles.suggest(person, meta.draft, text)
  if (articles.length === 0) return null
  const ctx = listening.render.requesterContext(person)
  return suggestionsModal({ articles, meta, buttons: formButtons(listening, person), ctx })
}
