import type { KnownBlock, ModalView } from '@slack/types'
import { type Answers, type Form, filesIn, type Labels, labelOf, type Page, submitButton } from '../../ticket/form.ts'
import type { Progress } from '../../ticket/form-progress.ts'
import { mrkdwn, plain } from '../text.ts'
import { actions, button, context, markupText, plainText, section } from './blocks.ts'
import { say, type ViewContext } from './context.ts'
import { fieldBlock } from './form-field.ts'
import { limits } from './limits.ts'

/** One store somebody may ask help for. */
export type AccountChoice = { key: string; name: string }

/** What comes back with every click and submission of a page: where the draft is, and which page was shown. */
export type PageMetadata = { draft: string; page: string }

/** What is needed to show one page. `page` is one of `pagesFor`, so that it holds only the fields to show. */
export interface PageInput {
  form: Form
  page: Page
  answers: Answers
  labels: Labels
  accounts: AccountChoice[]
  draftId: string
  /** What is wrong, by field key, in the reader's words: shown beside the field when the page is shown again. */
  errors?: Record<string, string>
  canGoBack: boolean
  /** An agent fills it in for somebody: only they themselves can show that another store is theirs. */
  isForAnother?: boolean
  progress?: Progress
  /** Set when somebody comes back to a draft they left; `about` is what they typed this time, for a new start. */
  resumed?: { about: string } | undefined
  /** The form is another one than when the draft was begun, on a page its author has seen. */
  hasChanged?: boolean | undefined
  /** It is shown over the same page, of which nothing is to stay. */
  isAnew?: boolean | undefined
  ctx: ViewContext
}

/**
 * One page of the questionnaire as a modal. Blocks and elements carry the field's key as their ids, so Slack keeps what
 * was typed when the same page is shown again; answers given before are its initial values.
 */
export function pageModal({
  form,
  page,
  answers,
  labels,
  accounts,
  draftId,
  errors,
  canGoBack,
  isForAnother,
  progress,
  resumed,
  hasChanged,
  isAnew,
  ctx,
}: PageInput): ModalView {
  const title = labelOf(labels, `page.${page.key}`)
  const submit = labelOf(labels, `button.${submitButton(form, page.key, answers)}`)
  return {
    type: 'modal',
    callback_id: 'intake.page',
    private_metadata: JSON.stringify({ draft: draftId, page: page.key } satisfies PageMetadata),
    notify_on_close: true,
    title: plainText(title.text, limits.modalTitle),
    submit: plainText(submit.text, limits.modalButton),
    close: plainText(labelOf(labels, 'button.close').text, limits.modalButton),
    blocks: [
      ...(progress ? [context('intake.step', stepOf(progress, ctx))] : []),
      ...draftNote(draftId, resumed, hasChanged, ctx),
      ...(title.description ? [section('intake.intro', mrkdwn(title.description, limits.sectionText))] : []),
      ...page.fields.flatMap((field) => [
        fieldBlock(field, { answer: answers[field.key], labels, accounts, isAnew, ctx }),
        ...(field.kind === 'account' && !isForAnother
          ? [actions('intake.store', [button('intake.access', ctx.words('access.store.button'), {})])]
          : []),
        ...keptFiles(field.key, answers, ctx),
        ...problem(field.key, errors?.[field.key]),
      ]),
      ...(canGoBack
        ? [actions('intake.nav', [button('intake.back', labelOf(labels, 'button.back').text, { page: page.key })])]
        : []),
    ],
  }
}

/** The metadata of a page, or null when it is not what `pageModal` wrote. */
export function readPageMetadata(text: string | undefined): PageMetadata | null {
  try {
    const { draft, page } = JSON.parse(text ?? '') as Partial<Record<keyof PageMetadata, unknown>>
    return typeof draft === 'string' && typeof page === 'string' ? { draft, page } : null
  } catch {
    return null
  }
}

/** A file input starts empty whatever was chosen before, so what the draft already holds is said under it. */
function keptFiles(key: string, answers: Answers, ctx: ViewContext): KnownBlock[] {
  const files = filesIn(answers[key])
  if (files.length === 0) return []
  const names = files.map(({ name }) => name).join(', ')
  return [
    {
      type: 'context',
      block_id: `${key}.kept`,
      elements: [markupText(say(ctx.words, 'slack.form.kept-files', { count: files.length, names }))],
    },
  ]
}

/** "Step 2 of 5", or "of 4 or 5", "of 4 to 7", as long as the answers to come decide it. */
function stepOf({ step, least, most }: Progress, { words }: ViewContext): string {
  const ways = least === most ? 'one' : least === most - 1 ? 'two' : 'other'
  return words('questionnaire.step', { step, least, most, ways })
}

/** Says what this draft is to who comes back to it, and lets them begin anew; what is thrown away is asked about once. */
function draftNote(
  draft: string,
  resumed: PageInput['resumed'],
  hasChanged: boolean | undefined,
  { words }: ViewContext,
): KnownBlock[] {
  if (!resumed && !hasChanged) return []
  const note = section('intake.note', words(hasChanged ? 'questionnaire.changed' : 'questionnaire.resumed'))
  if (!resumed) return [note]
  const value = { draft, about: plain(resumed.about, 500) }
  const confirm = {
    title: plainText(words('questionnaire.start-over.title'), limits.confirmTitle),
    text: plainText(words('questionnaire.start-over.text'), limits.confirmText),
    confirm: plainText(words('questionnaire.start-over'), limits.confirmButton),
    deny: plainText(words('questionnaire.start-over.keep'), limits.confirmButton),
    style: 'danger' as const,
  }
  return [{ ...note, accessory: { ...button('intake.start_over', words('questionnaire.start-over'), value), confirm } }]
}

function problem(key: string, text: string | undefined): KnownBlock[] {
  return text ? [section(`${key}.problem`, `⚠️ ${mrkdwn(text, 500)}`)] : []
}
