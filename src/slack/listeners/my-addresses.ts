import type { BlockAction, ButtonAction } from '@slack/bolt'
import { z } from 'zod'
import { addressesOf } from '../../store/people.ts'
import { isMailAddress } from '../../ticket/mail-address.ts'
import { onClientForm } from '../client-form.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { openModal } from '../modal-answer.ts'
import { addressesModal, codeModal, readTyped } from '../views/addresses-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'

const about = z.object({ code: z.uuid() })

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

  onClientForm(listening, 'addresses.ask', 'address', async ({ person, view }) => {
    const ctx = render.requesterContext(person)
    const address = readTyped(view.state.values, 'address').toLowerCase()
    if (!isMailAddress(address)) return { errors: { address: ctx.words('people.addresses.bad') } }
    if (listening.isOwnAddress(address)) return { errors: { address: ctx.words('people.addresses.ours') } }
    const { codeId, until } = await listening.linking.ask(person.id, address)
    return codeModal({ codeId, address, until, ctx })
  })
  onClientForm(listening, 'addresses.code', 'code', async ({ person, view }) => {
    const ctx = render.requesterContext(person)
    const { code: codeId } = about.parse(JSON.parse(view.private_metadata))
    const code = readTyped(view.state.values, 'code')
    const { address, tickets } = await listening.linking.confirm(person.id, codeId, code)
    return doneModal({ text: ctx.words('people.addresses.linked', { address, count: tickets }), ctx })
  })
}
