import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { grantOfTicket, organization, organizationsNamed } from '../../store/organizations.ts'
import type { SlackUser } from '../../store/people.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { changeModal, openModal } from '../modal-answer.ts'
import { type ListAbout, MOST_LISTED, organizationListModal } from '../views/organization-list.ts'
import { loadingModal, problemModal } from '../views/small-modals.ts'
import { modalForOne } from './grant-access.ts'
import { authorised, saveGrant } from './granting.ts'

const listAbout = z.object({ letters: z.string(), channel: z.string() })

/** Every organisation with who sees its requests now: an agent changes it, adds one, or takes access away (CLI-08). */
export function register(listening: Listening): void {
  const { app, client, render } = listening
  const loading = () => loadingModal({ ctx: render.deskContext() })
  const problem = (error: unknown) =>
    problemModal({ text: explain(listening, error, null), ctx: render.requesterContext(null) })

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'organization.change' },
    async ({ ack, body, action }) => {
      await ack()
      const { view } = body
      const content = authorised(listening, userOf(body), action.value ?? '').then(({ organizationId, channel }) =>
        modalForOne(listening, organizationId, channel),
      )
      const shown = content.catch(problem)
      await (view ? changeModal(client, view, shown, loading()) : openModal(client, body.trigger_id, shown, loading()))
    },
  )

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'organization.withdraw' },
    async ({ ack, body, action }) => {
      await ack()
      const work = withdraw(listening, userOf(body), action.value ?? '', `slack/action/${action.action_ts}`)
      const { view } = body
      if (!view) {
        const said = await work.catch((error) => explain(listening, error, null))
        return tellPresser(listening, body, said)
      }
      const again = work.then(() => organizationList(listening, listAbout.parse(JSON.parse(view.private_metadata))))
      await changeModal(client, view, again.catch(problem), loading())
    },
  )
}

/** The list as it is now. */
export async function organizationList(listening: Listening, about: ListAbout): Promise<ModalView> {
  const { found, more } = await organizationsNamed(listening.database, about.letters, MOST_LISTED)
  return organizationListModal({ about, found, more, ctx: listening.render.deskContext() })
}

/** From now on nobody sees the requests of that organisation for their colleagues; answers with the words for the agent. */
async function withdraw(listening: Listening, user: SlackUser, value: string, source: string): Promise<string> {
  const { database, render } = listening
  const allowed = await authorised(listening, user, value)
  const { ticket } = allowed
  const id = allowed.organizationId ?? (ticket && (await grantOfTicket(database, ticket.id)))?.organizationId ?? null
  const known = id === null ? null : await organization(database, id)
  const words = render.deskContext().words
  if (!known) return words('access.org.list-empty')
  if (known.access !== 'none') {
    const { id: organizationId, ...grant } = known
    await saveGrant(listening, { ...allowed, organizationId }, { ...grant, access: 'none', members: [] }, source)
  }
  return words('access.org.saved', { access: 'none', name: known.name })
}
