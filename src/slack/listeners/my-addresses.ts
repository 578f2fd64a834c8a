import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { addressesOf } from '../../store/people.ts'
import type { Person } from '../../ticket/in-full.ts'
import { isMailAddress } from '../../ticket/mail-address.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { addressesModal, codeModal, readTyped } from '../views/addresses-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'

const about = z.object({ code: z.uuid() })

type Submitted = { id: string; private_metadata: string; state: { values: unknown } }

/** The App Home's "My addresses": type another address, then the code that was mailed to it, and it is yours. */
export function register(listening: Listening): void {
  const { app, client, database, render, who } = listening

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'home.addresses' },
    async ({ ack, body }) => {
      await ack()
      const ctx = render.requesterContext(who.lately(userOf(body)))
      const content = who
        .contact(userOf(body))
        .then(async (person) => {
          const known = await addressesOf(database, [person.id])
          const addresses = known.map(({ address }) => address)
          return addressesModal({ addresses, ctx: render.requesterContext(person) })
        })
        .catch((error) => problemModal({ text: explain(listening, error, who.lately(userOf(body))), ctx }))
      await openModal(client, body.trigger_id, content, loadingModal({ ctx }))
    },
  )

  const onSubmit = (
    callbackId: string,
    field: 'address' | 'code',
    act: (person: Person, view: Submitted) => Promise<ModalView | string>,
  ) => {
    app.view(callbackId, async ({ ack, body, view }) => {
      const ctx = render.requesterContext(who.lately(userOf(body)))
      const work = async (): Promise<ModalAnswer> => {
        let person: Person | null = null
        try {
          person = await who.contact(userOf(body))
          const then = await act(person, view)
          return typeof then === 'string' ? refused(then) : { kind: 'show', view: then }
        } catch (error) {
          return refused(explain(listening, error, person))
        }
      }
      const refused = (text: string): ModalAnswer => {
        return { kind: 'errors', errors: { [field]: text }, again: withProblem(view as unknown as ModalView, text) }
      }
      await answerSubmission(ack, client, view.id, work(), { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
    })
  }

  onSubmit('addresses.ask', 'address', async (person, view) => {
    const ctx = render.requesterContext(person)
    const address = readTyped(view.state.values, 'address').toLowerCase()
    if (!isMailAddress(address)) return ctx.words('people.addresses.bad')
    if (listening.isOwnAddress(address)) return ctx.words('people.addresses.ours')
    const { codeId, until } = await listening.linking.ask(person.id, address)
    return codeModal({ codeId, address, until, ctx })
  })
  onSubmit('addresses.code', 'code', async (person, view) => {
    const ctx = render.requesterContext(person)
    const { code: codeId } = about.parse(JSON.parse(view.private_metadata))
    const code = readTyped(view.state.values, 'code')
    const { address, tickets } = await listening.linking.confirm(person.id, codeId, code)
    return doneModal({ text: ctx.words('people.addresses.linked', { address, count: tickets }), ctx })
  })
}
