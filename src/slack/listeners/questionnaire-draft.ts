import type { WebClient } from '@slack/web-api'
import { type Draft, draftOf, saveDraft } from '../../store/drafts.ts'
import { formVersion } from '../../store/form-versions.ts'
import type { SlackUser } from '../../store/people.ts'
import { type Answers, type Form, filesIn, pagesFor } from '../../ticket/form.ts'
import { checkAnswers, withPage } from '../../ticket/form-answers.ts'
import { carryOver } from '../../ticket/form-change.ts'
import type { Listening } from '../listening.ts'
import { at, readState } from '../views/form-state.ts'

/** Puts what was typed so far on a page into the draft, as far as it can be taken; null when there is no such draft. */
export async function keepTyped(
  listening: Listening,
  user: SlackUser,
  meta: { draft: string; page: string },
  values: unknown,
): Promise<Draft | null> {
  const { database, clock, who } = listening
  const person = await who.contact(user)
  const draft = await draftOf(database, user, meta.draft)
  if (!draft || draft.ticketId !== null) return null
  const form = (await formOf(listening, draft)) ?? listening.intake.form
  const whole = pagesFor(form, draft.answers).find(({ key }) => key === meta.page)
  if (!whole) return draft
  // Slack does not promise the values of a modal that was closed: what did not come is not unsaid by that.
  const page = { ...whole, fields: whole.fields.filter(({ key }) => at(values, key) !== undefined) }
  const raw = readState(page, values)
  const choices = { accounts: listening.accountsOf(draft.requester ?? person) }
  const taken = page.fields.flatMap((field) => {
    const checked = checkAnswers({ ...page, fields: [field] }, raw, choices, draft.answers)
    return 'answers' in checked ? [checked.answers] : []
  })
  const answers = withPage(draft.answers, page, await withReadableFiles(listening.client, Object.assign({}, ...taken)))
  const kept = { ...draft, page: page.key, answers }
  await saveDraft(database, kept, clock.now())
  return kept
}

/**
 * The draft as it goes on in today's form, and whether a page its author has seen is another one now. What they answered
 * stays in it.
 */
export async function inTodaysForm(listening: Listening, draft: Draft): Promise<{ draft: Draft; hasChanged: boolean }> {
  const { database, clock, intake } = listening
  if (draft.formVersion === intake.form.version) return { draft, hasChanged: false }
  const { page, hasChanged } = carryOver(await formOf(listening, draft), intake.form, draft)
  const carried = { ...draft, page, formVersion: intake.form.version }
  await saveDraft(database, carried, clock.now())
  return { draft: carried, hasChanged }
}

/** The form a draft was answered in last; null when nobody knows it any more. */
async function formOf({ database, intake }: Listening, { formVersion: version }: Draft): Promise<Form | null> {
  if (version === intake.form.version) return intake.form
  return version === null ? null : ((await formVersion(database, version))?.form ?? null)
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
