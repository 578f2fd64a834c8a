import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { draftOf, saveDraft } from '../../store/drafts.ts'
import type { SlackUser } from '../../store/people.ts'
import type { Person } from '../../ticket/in-full.ts'
import { isMailAddress } from '../../ticket/mail-address.ts'
import { Refusal } from '../../ticket/refusal.ts'
import { onClientForm } from '../client-form.ts'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { changeModal } from '../modal-answer.ts'
import { readTyped } from '../views/addresses-modal.ts'
import { readPageMetadata } from '../views/form-modal.ts'
import { loadingModal } from '../views/small-modals.ts'
import { storeAddressModal, storeCodeModal } from '../views/store-access-modal.ts'
import { withProblem } from '../views/with-problem.ts'
import { currentPage } from './questionnaire.ts'
import { keepTyped } from './questionnaire-draft.ts'

const about = z.object({ draft: z.uuid(), code: z.uuid().optional() })

/**
 * "Get access to a store", in the questionnaire: type the store's registered address, then the code that was mailed to it,
 * and the questionnaire goes on where it was with the store chosen (AUT-03, AUT-07).
 */
export function register(listening: Listening): void {
  const { app, client, render, who } = listening
  const loadingFor = (user: SlackUser) => loadingModal({ ctx: render.requesterContext(who.lately(user)) })

  const onPress = (
    actionId: string,
    show: (user: SlackUser, opened: NonNullable<BlockAction['view']>) => Promise<ModalView>,
  ) =>
    app.action<BlockAction<ButtonAction>>({ type: 'block_actions', action_id: actionId }, async ({ ack, body }) => {
      const opened = body.view
      if (!opened) return ack()
      const work = show(userOf(body), opened).catch((error) =>
        withProblem(opened as unknown as ModalView, explain(listening, error, who.lately(userOf(body)))),
      )
      await Promise.all([ackAfter(ack, work), changeModal(client, opened, work, loadingFor(userOf(body)))])
    })
  const addressModal = (person: Person, draftId: string) => {
    const without = listening.accountsOf(person).at(-1)!.name // the one that is offered to everybody comes last
    return storeAddressModal({ draftId, without, ctx: render.requesterContext(person) })
  }
  onPress('intake.access', async (user, opened) => {
    const meta = readPageMetadata(opened.private_metadata)
    const draft = meta && (await keepTyped(listening, user, meta, opened.state.values))
    // Of a window from before it was for somebody else: nobody shows that a store is theirs in another's name.
    if (!draft || draft.requester) return backTo(listening, user, meta?.draft ?? '')
    return addressModal(await who.contact(user), draft.id)
  })
  onPress('access.back', async (user, opened) => {
    const { draft: draftId, code } = about.parse(JSON.parse(opened.private_metadata))
    // From the code back to the address: it may have been the wrong one. From there to the questionnaire.
    return code ? addressModal(await who.contact(user), draftId) : backTo(listening, user, draftId)
  })

  onClientForm(listening, 'access.ask', 'address', async ({ person, view }) => {
    const ctx = render.requesterContext(person)
    const { draft: draftId } = about.parse(JSON.parse(view.private_metadata))
    const address = readTyped(view.state.values, 'address').toLowerCase()
    if (!isMailAddress(address)) return { errors: { address: ctx.words('people.addresses.bad') } }
    if (listening.isOwnAddress(address)) return { errors: { address: ctx.words('people.addresses.ours') } }
    const { codeId, until } = await listening.storeAccess.ask(person.id, address)
    return storeCodeModal({ draftId, codeId, address, until, ctx })
  })
  onClientForm(listening, 'access.code', 'code', async ({ user, person, view }) => {
    const { draft: draftId, code: codeId } = about.parse(JSON.parse(view.private_metadata))
    if (!codeId) throw new Refusal('access-code-over')
    const before = new Set(listening.accountsOf(person).map(({ key }) => key))
    await listening.storeAccess.confirm(person.id, codeId, readTyped(view.state.values, 'code'))
    const now = await who.contact(user)
    const fresh = listening.accountsOf(now).filter(({ key }) => !before.has(key))
    await choose(listening, user, draftId, fresh.length === 1 ? fresh[0]!.key : null)
    return backTo(listening, user, draftId)
  })
}

/** The page of the questionnaire they came from, for whomever it is. */
async function backTo(listening: Listening, user: SlackUser, draftId: string): Promise<ModalView> {
  const requester = (await draftOf(listening.database, user, draftId))?.requester ?? null
  return currentPage(listening, user, '', { requester })
}

/** The store that somebody has just shown to be theirs is the one they ask help for. */
async function choose(
  listening: Listening,
  user: SlackUser,
  draftId: string,
  accountKey: string | null,
): Promise<void> {
  const { database, clock, intake } = listening
  const draft = accountKey === null ? null : await draftOf(database, user, draftId)
  if (!draft || draft.ticketId !== null || accountKey === null) return
  await saveDraft(
    database,
    { ...draft, answers: { ...draft.answers, [intake.form.roles.account]: accountKey } },
    clock.now(),
  )
}
