import type { KnownBlock, ModalView } from '@slack/types'
import { type Answers, type Form, filesIn, type Labels, labelOf, type Page, submitButton } from '../../ticket/form.ts'
import { mrkdwn } from '../text.ts'
import { actions, button, markupText, plainText, section } from './blocks.ts'
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
      ...(title.description ? [section('intake.intro', mrkdwn(title.description, limits.sectionText))] : []),
      ...page.fields.flatMap((field) => [
        fieldBlock(field, { answer: answers[field.key], labels, accounts, ctx }),
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

function problem(key: string, text: string | undefined): KnownBlock[] {
  return text ? [section(`${key}.problem`, `⚠️ ${mrkdwn(text, 500)}`)] : []
}
