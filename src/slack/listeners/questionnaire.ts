import { randomUUID } from 'node:crypto'
import type { ModalView } from '@slack/types'
import { bringTalk, type DraftContent, draftOf, saveDraft, unfinishedDraft } from '../../store/drafts.ts'
import type { SlackUser } from '../../store/people.ts'
import { beginWith, type Talk } from '../../store/talks.ts'
import { type Answers, type Form, nextPage, pagesFor, previousPage } from '../../ticket/form.ts'
import { type Choices, checkAnswers, missing, withPage } from '../../ticket/form-answers.ts'
import type { Person } from '../../ticket/in-full.ts'
import type { Listening } from '../listening.ts'
import type { ModalAnswer } from '../modal-answer.ts'
import { suggestionsFor } from '../suggestions.ts'
import { oneLine, plain } from '../text.ts'
import { ownWords } from '../transcript.ts'
import { readState } from '../views/form-state.ts'
import { problemModal, sentModal } from '../views/small-modals.ts'
import { withDescription } from './comes-along.ts'
import { open } from './open-request.ts'
import { inTodaysForm, keepTyped } from './questionnaire-draft.ts'
import { errorsOf, pageOf } from './questionnaire-page.ts'

/**
 * The page a person left off at, as a modal; the first one for a new draft. `about`: a subject said beforehand. Whoever
 * comes back to a draft may go on or start over. `talk`: what was said in Slack and comes along. `requester`: whom an agent
 * fills it in for.
 */
export async function currentPage(
  listening: Listening,
  user: SlackUser,
  about = '',
  { talk = null, requester = null }: { talk?: Talk | null; requester?: Person | null } = {},
): Promise<ModalView> {
  const { database, clock, intake, who } = listening
  const person = await who.contact(user)
  const other = requester?.id === person.id ? null : requester
  const fresh = freshDraft(intake.form, other ?? person)
  const found = await unfinishedDraft(database, user, fresh, clock.now(), other?.id ?? null)
  if (talk) {
    await bringTalk(database, found.id, talk.id)
    await beginWith(database, talk)
  }
  const { draft, hasChanged } = await inTodaysForm(listening, { ...found, talk: talk ?? found.talk })
  const described = withDescription(intake.form, draft.answers, talk ? ownWords(talk) : '')
  const answers = withSubject(intake.form, described, about)
  if (answers !== draft.answers) await saveDraft(database, { ...draft, answers }, clock.now())
  const isBegun = found.id !== fresh.id && (found.page !== fresh.page || hasMoreThan(fresh.answers, found.answers))
  const resumed = isBegun ? { about: oneLine(about) } : undefined
  return pageOf(listening, person, { ...draft, answers }, draft.page, { resumed, hasChanged })
}

/** The first page with nothing on it but the person's name and, if they said one this time, the subject. */
export async function startOver(
  listening: Listening,
  user: SlackUser,
  { draft: id, about }: { draft: string; about: string },
): Promise<ModalView> {
  const { database, clock, intake, who } = listening
  const person = await who.contact(user)
  const draft = await draftOf(database, user, id)
  if (!draft || draft.ticketId !== null) return currentPage(listening, user, about)
  await bringTalk(database, draft.id, null)
  const fresh = { ...draft, ...freshDraft(intake.form, draft.requester ?? person), id: draft.id, talk: null }
  const answers = withSubject(intake.form, fresh.answers, about)
  await saveDraft(database, { ...fresh, answers }, clock.now())
  return pageOf(listening, person, { ...fresh, answers }, fresh.page, { isAnew: true })
}

function freshDraft({ pages, roles, version }: Form, person: Person): DraftContent {
  return { id: randomUUID(), page: pages[0]!.key, answers: { [roles.name]: person.name }, formVersion: version }
}

function hasMoreThan(fresh: Answers, answers: Answers): boolean {
  return Object.keys(answers).some((key) => !Object.hasOwn(fresh, key))
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
  let draft = await draftOf(database, user, meta.draft)
  if (!draft) return { kind: 'show', view: problemModal({ text: ctx.words('chat.draft-gone'), ctx }) }
  // Sent before, and the answer got lost: the same ticket again, never a second one.
  if (draft.ticketId !== null) return { kind: 'show', view: sentModal({ number: draft.ticketId, ctx }) }
  if (draft.formVersion !== intake.form.version) {
    // Their page is from before the form was changed: what they typed counts as it did there.
    const kept = (await keepTyped(listening, user, meta, values)) ?? draft
    const today = await inTodaysForm(listening, kept)
    draft = today.draft
    if (today.hasChanged)
      return { kind: 'show', view: pageOf(listening, person, draft, draft.page, { hasChanged: true }) }
  }

  const page = pagesFor(intake.form, draft.answers).find(({ key }) => key === meta.page)
  if (!page) return { kind: 'show', view: pageOf(listening, person, draft, draft.page) }
  const raw = readState(page, values)
  const errors = errorsOf(listening, person, page, raw, draft)
  if (errors) return { kind: 'errors', errors, again: pageOf(listening, person, draft, page.key, { errors }) }

  const choices = { accounts: listening.accountsOf(draft.requester ?? person) }
  const checked = checkAnswers(page, raw, choices, draft.answers)
  if ('errors' in checked) throw new Error('a page was both right and wrong')
  const answers = withPage(draft.answers, page, checked.answers)
  const next = nextPage(intake.form, page.key, answers)?.key ?? firstIncomplete(listening, answers, choices)
  if (next) {
    await saveDraft(database, { ...draft, page: next, answers }, clock.now())
    const suggested = await suggestionsFor(listening, person, page, { draft: draft.id, page: next }, answers)
    return { kind: 'show', view: suggested ?? pageOf(listening, person, { ...draft, answers }, next) }
  }
  const number = await open(listening, user, person, { ...draft, answers })
  return { kind: 'show', view: sentModal({ number, ctx }) }
}

/** The page before, with everything typed on this one kept in the draft. */
export async function goBack(
  listening: Listening,
  user: SlackUser,
  meta: { draft: string; page: string },
  values: unknown,
) {
  const kept = await keepTyped(listening, user, meta, values)
  const person = await listening.who.contact(user)
  if (!kept) return currentPage(listening, user)
  const { draft, hasChanged } = await inTodaysForm(listening, kept)
  if (hasChanged) return pageOf(listening, person, draft, draft.page, { hasChanged })
  const before = previousPage(listening.intake.form, meta.page, draft.answers)?.key ?? draft.page
  await saveDraft(listening.database, { ...draft, page: before }, listening.clock.now())
  return pageOf(listening, person, draft, before)
}

function firstIncomplete({ intake }: Listening, answers: Answers, choices: Choices): string | undefined {
  const lacking = new Set(missing(intake.form, answers, choices))
  return pagesFor(intake.form, answers).find((page) => page.fields.some(({ key }) => lacking.has(key)))?.key
}
