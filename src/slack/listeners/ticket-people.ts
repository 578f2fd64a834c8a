import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Tx } from '../../store/database.ts'
import { addressesOf, ensureMailContact } from '../../store/people.ts'
import { loadTicket } from '../../store/tickets.ts'
import { readAddresses, type TypedAddress } from '../../ticket/mail-address.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Actor, Ticket } from '../../ticket/ticket.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { peopleModal, readPeople } from '../views/people-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'

const about = z.object({ ticket: z.number().int() })

/** The People button of a card: who is on the ticket, and whom an agent adds or takes off. */
export function register(listening: Listening): void {
  const { app, client, render } = listening

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'ticket.people' },
    async ({ ack, body, action }) => {
      await ack()
      const ctx = render.requesterContext(null)
      const content = authorised(listening, body, action.value ?? '')
        .then(async ({ ticket }) => {
          const full = (await render.full(ticket.id))!
          return peopleModal({ full, ctx: render.staffContext(full) })
        })
        .catch((error) => problemModal({ text: explain(listening, error, null), ctx }))
      await openModal(client, body.trigger_id, content, loadingModal({ ctx })).catch((error) =>
        tellPresser(listening, body, explain(listening, error, null)),
      )
    },
  )

  app.view('ticket.people', async ({ ack, body, view }) => {
    const ctx = render.requesterContext(null)
    const refused = (text: string): ModalAnswer => {
      return { kind: 'errors', errors: { add: text }, again: withProblem(view as unknown as ModalView, text) }
    }
    const work = authorised(listening, body, view.private_metadata)
      .then((who) => change(listening, who, view))
      .then((problem): ModalAnswer => (problem ? refused(problem) : { kind: 'close' }))
      .catch((error) => refused(explain(listening, error, null)))
    await answerSubmission(ack, client, view.id, work, { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
  })
}

type Allowed = { ticket: Ticket; actor: Actor & { kind: 'agent' } }

/** Does all that was asked, or nothing of it: then answers with what is wrong, for the agent, at the addresses. */
async function change(
  listening: Listening,
  { ticket, actor }: Allowed,
  view: { id: string; state: { values: unknown } },
): Promise<string | null> {
  const { database, desk } = listening
  const { words } = listening.render.requesterContext(null)
  const { add, remove } = readPeople(view.state.values)
  const { addresses, bad } = readAddresses(add)
  if (bad.length > 0) return words('people.bad-address', { address: bad.slice(0, 3).join(', ') })
  const own = addresses.find(({ address }) => listening.isOwnAddress(address))
  if (own) return words('people.own-address', { address: own.address })
  const requesters = await addressesOf(database, [ticket.requesterId])
  const requester = requesters.find(({ address }) => addresses.some((typed) => typed.address === address))
  if (requester) return words('people.is-requester', { address: requester.address })
  const asked = { ticketId: ticket.id, actor, via: 'slack' } as const
  await database.transaction(async (tx) => {
    const contactIds = await contactsOf(listening, tx, addresses)
    // Two commands of one submission, which is sent once however often it is delivered.
    if (remove.length > 0)
      await desk.handle({ type: 'remove-cc', ...asked, contactIds: remove, source: `slack/view/${view.id}/remove` }, tx)
    if (contactIds.length > 0)
      await desk.handle({ type: 'add-cc', ...asked, contactIds, source: `slack/view/${view.id}/add` }, tx)
  })
  return null
}

async function contactsOf({ clock }: Listening, tx: Tx, addresses: TypedAddress[]): Promise<number[]> {
  // More than the desk takes is refused by it; these would only fill the table.
  const ids: number[] = []
  for (const typed of addresses.slice(0, MOST_TYPED)) ids.push(await ensureMailContact(tx, typed, null, clock.now()))
  return ids
}

const MOST_TYPED = 50

/** Who asks about which ticket. Throws a neutral Refusal for anybody who does not work on it. */
async function authorised(listening: Listening, body: Parameters<typeof userOf>[0], value: string): Promise<Allowed> {
  const ticket = await loadTicket(listening.database, about.parse(JSON.parse(value)).ticket)
  if (!ticket) throw new Refusal('agents-only')
  const actor = await listening.who.agent(userOf(body), listening.triageChannelOf(ticket.groupKey))
  return { ticket, actor }
}
