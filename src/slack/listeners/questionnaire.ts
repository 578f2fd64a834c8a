import { randomUUID } from 'node:crypto'
import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { type Draft, draftOf, finishDraft, saveDraft, unfinishedDraft } from '../../store/drafts.ts'
import { renameContact, type SlackUser } from '../../store/people.ts'
import {
  type Answers,
  type Form,
  filesIn,
  labelOf,
  nextPage,
  type Page,
  pagesFor,
  previousPage,
} from '../../ticket/form.ts'
import {
  type AnswerError,
  type Choices,
  checkAnswers,
  missing,
  ticketFields,
  withPage,
} from '../../ticket/form-answers.ts'
import type { Person } from '../../ticket/in-full.ts'
import type { Attachment } from '../../ticket/ticket.ts'
import type { Listening } from '../listening.ts'
import type { ModalAnswer } from '../modal-answer.ts'
import { oneLine, plain } from '../text.ts'
import { pageModal } from '../views/form-modal.ts'
import { at, readState } from '../views/form-state.ts'
import { problemModal, sentModal } from '../views/small-modals.ts'

/** The page a person left off at, as a modal; the first one for a new draft. `about`: a subject said beforehand. */
export async function currentPage(listening: Listening, user: SlackUser, about = ''): Promise<ModalView> {
  const { database, clock, intake, who } = listening
  const person = await who.contact(user)
  const fresh = {
    id: randomUUID(),
    page: intake.form.pages[0]!.key,
    answers: { [intake.form.roles.name]: person.name },
  }
  const draft = await unfinishedDraft(database, user, fresh, clock.now())
  const answers = withSubject(intake.form, draft.answers, about)
  if (answers !== draft.answers) await saveDraft(database, draft.id, draft.page, answers, clock.now())
  return pageOf(listening, person, { ...draft, answers }, draft.page)
}

/** Words typed after the command become the subject, unless the draft has one already. */
function withSubject({ pages, roles }: Form, answers: Answers, about: string): Answers {
  const typed = pages
    .flatMap(({ fields }) => fields)
    .find(({ key, kind }) => kind === 'text' && roles.subject.includes(key))
  const subject = plain(oneLine(about), typed?.kind === 'text' ? typed.maxLength : 0)
  return !typed || !oneLine(about) || answers[typed.key] ? answers : { ...answers, [typed.key]: subject }
}

/** Takes one submitted page: errors beside its fields, the next page, or, after the last, the open ticket. */
export async function submitPage(
  listening: Listening,
  user: SlackUser,
  meta: { draft: string; page: string },
  values: unknown,
): Promise<ModalAnswer> {
  const { database, clock, intake, who } = listening
  const person = await who.contact(user)
  const ctx = listening.render.requesterContext(person)
  const draft = await draftOf(database, user, meta.draft)
  if (!draft) return { kind: 'show', view: problemModal({ text: ctx.words('chat.draft-gone'), ctx }) }
  // Sent before, and the answer got lost: the same ticket again, never a second one.
  if (draft.ticketId !== null) return { kind: 'show', view: sentModal({ number: draft.ticketId, ctx }) }

  const page = pagesFor(intake.form, draft.answers).find(({ key }) => key === meta.page)
  if (!page) return { kind: 'show', view: pageOf(listening, person, draft, draft.page) }
  const raw = readState(page, values)
  const errors = errorsOf(listening, person, page, raw, draft.answers)
  if (errors) return { kind: 'errors', errors, again: pageOf(listening, person, draft, page.key, errors) }

  const choices = { accounts: listening.accountsOf(person) }
  const checked = checkAnswers(page, raw, choices, draft.answers)
  if ('errors' in checked) throw new Error('a page was both right and wrong')
  const answers = withPage(draft.answers, page, checked.answers)
  const next = nextPage(intake.form, page.key, answers)?.key ?? firstIncomplete(listening, answers, choices)
  if (next) {
    await saveDraft(database, draft.id, next, answers, clock.now())
    return { kind: 'show', view: pageOf(listening, person, { ...draft, answers }, next) }
  }
  const number = await open(listening, person, { ...draft, answers })
  return { kind: 'show', view: sentModal({ number, ctx }) }
}

/** The page before, with everything typed on this one kept in the draft. */
export async function goBack(
  listening: Listening,
  user: SlackUser,
  meta: { draft: string; page: string },
  values: unknown,
) {
  const draft = await keepTyped(listening, user, meta, values)
  const person = await listening.who.contact(user)
  if (!draft) return currentPage(listening, user)
  const before = previousPage(listening.intake.form, meta.page, draft.answers)?.key ?? draft.page
  await saveDraft(listening.database, draft.id, before, draft.answers, listening.clock.now())
  return pageOf(listening, person, draft, before)
}

/** Puts what was typed so far on a page into the draft, as far as it can be taken; null when there is no such draft. */
export async function keepTyped(
  listening: Listening,
  user: SlackUser,
  meta: { draft: string; page: string },
  values: unknown,
): Promise<Draft | null> {
  const { database, clock, intake, who } = listening
  const person = await who.contact(user)
  const draft = await draftOf(database, user, meta.draft)
  if (!draft || draft.ticketId !== null) return null
  const whole = pagesFor(intake.form, draft.answers).find(({ key }) => key === meta.page)
  if (!whole) return draft
  // Slack does not promise the values of a modal that was closed: what did not come is not unsaid by that.
  const page = { ...whole, fields: whole.fields.filter(({ key }) => at(values, key) !== undefined) }
  const raw = readState(page, values)
  const choices = { accounts: listening.accountsOf(person) }
  const taken = page.fields.flatMap((field) => {
    const checked = checkAnswers({ ...page, fields: [field] }, raw, choices, draft.answers)
    return 'answers' in checked ? [checked.answers] : []
  })
  const answers = withPage(draft.answers, page, await withReadableFiles(listening.client, Object.assign({}, ...taken)))
  await saveDraft(database, draft.id, page.key, answers, clock.now())
  return { ...draft, answers }
}

/** Without files that were chosen but not sent, as far as Slack does not let us read them: nobody is told we have those. */
async function withReadableFiles(client: WebClient, answers: Answers): Promise<Answers> {
  const kept: Answers = { ...answers }
  for (const [key, answer] of Object.entries(answers)) {
    const files = filesIn(answer)
    if (files.length === 0) continue
    const readable = await Promise.all(
      files.map(({ id }) =>
        client.files.info({ file: id }).then(
          () => true,
          () => false,
        ),
      ),
    )
    kept[key] = files.filter((_, index) => readable[index])
    if (!readable.includes(true)) delete kept[key]
  }
  return kept
}

function pageOf(
  listening: Listening,
  person: Person,
  draft: Pick<Draft, 'id' | 'answers'>,
  key: string,
  errors?: Record<string, string>,
): ModalView {
  const { intake, render } = listening
  const path = pagesFor(intake.form, draft.answers)
  const page = path.find((each) => each.key === key) ?? path[0]!
  return pageModal({
    form: intake.form,
    page,
    answers: draft.answers,
    labels: listening.labelsFor(person),
    accounts: listening.accountsOf(person),
    draftId: draft.id,
    canGoBack: page !== path[0],
    ctx: render.requesterContext(person),
    ...(errors ? { errors } : {}),
  })
}

/** What is wrong with a page, by field key (which is the block's id), in the person's words; null when nothing. */
function errorsOf(
  listening: Listening,
  person: Person,
  page: Page,
  raw: Record<string, unknown>,
  before: Answers,
): Record<string, string> | null {
  const { maxFileBytes } = listening
  const checked = checkAnswers(page, raw, { accounts: listening.accountsOf(person) }, before)
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

function firstIncomplete({ intake }: Listening, answers: Answers, choices: Choices): string | undefined {
  const lacking = new Set(missing(intake.form, answers, choices))
  return pagesFor(intake.form, answers).find((page) => page.fields.some(({ key }) => lacking.has(key)))?.key
}

async function open(listening: Listening, person: Person, draft: Draft): Promise<number> {
  const { database, desk, intake } = listening
  const accounts = listening.accountsOf(person)
  const fields = ticketFields(intake.form, listening.labelsFor(person), draft.answers, { accounts })
  const { accountKey } = fields
  const attachments: Attachment[] = fields.files.map(({ id, name, contentType, size, url }) => ({
    name,
    contentType,
    size,
    sha256: null,
    slackFile: { id, url },
    refused: null,
  }))
  return database.transaction(async (tx) => {
    await renameContact(tx, person.id, fields.requesterName)
    const { subject, branch, form, answers, impact, users, priority } = fields
    const { ticketId } = await desk.handle(
      {
        type: 'open',
        intake: {
          subject,
          branch,
          accountKey,
          ...listening.routeOf(branch, accountKey),
          form,
          answers,
          impact,
          users,
          priority,
        },
        requesterId: person.id,
        ccIds: [],
        locale: person.locale ?? 'en',
        comment: { text: fields.description, fullText: null, attachments },
        mayAnswer: true,
        followUpOf: null,
        actor: { kind: 'contact', id: person.id },
        via: 'slack',
        source: `slack/draft/${draft.id}`,
      },
      tx,
    )
    await finishDraft(tx, draft.id, ticketId)
    return ticketId
  })
}
