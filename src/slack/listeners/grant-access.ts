import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import {
  DomainTaken,
  lastGrant,
  organization,
  organizationsOf,
  organizationsOfDomains,
} from '../../store/organizations.ts'
import { addressesOf, people } from '../../store/people.ts'
import { ASKED_GRANT, domainOf, type Grant, type Organization, readDomains } from '../../ticket/organization.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Ticket } from '../../ticket/ticket.ts'
import { explain, type Listening, tellPresser, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { typedGrant } from '../typed-grant.ts'
import { type GrantAbout, grantModal, readGrant } from '../views/organization-modal.ts'
import { doneModal, loadingModal, problemModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'
import { type Allowed, authorised, saveGrant } from './granting.ts'
import { organizationList } from './organization-list.ts'

const askedGrant = z.object({
  name: z.string(),
  domains: z.array(z.string()),
  access: z.enum(['all', 'named', 'none']),
  members: z.array(z.string()),
})

/** How an agent gives a client's colleagues access to all requests of their organisation, changes or revokes it (CLI-08). */
export function register(listening: Listening): void {
  const { app, client, render } = listening

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'organization.grant' },
    async ({ ack, body, action }) => {
      await ack()
      const ctx = render.requesterContext(null)
      const content = authorised(listening, userOf(body), action.value ?? '')
        .then(({ ticket }) => modalForTicket(listening, ticket))
        .catch((error) => problemModal({ text: explain(listening, error, null), ctx }))
      await openModal(client, body.trigger_id, content, loadingModal({ ctx })).catch((error) =>
        tellPresser(listening, body, explain(listening, error, null)),
      )
    },
  )

  app.view('organization.grant', async ({ ack, body, view }) => {
    const ctx = render.requesterContext(null)
    const refused = (errors: Record<string, string>): ModalAnswer => {
      const again = withProblem(view as unknown as ModalView, Object.values(errors).join('\n'))
      return { kind: 'errors', errors, again }
    }
    const work = authorised(listening, userOf(body), view.private_metadata)
      .then((allowed) => save(listening, allowed, view))
      .then((done): ModalAnswer => ('errors' in done ? refused(done.errors) : done))
      .catch((error) => refused({ name: explain(listening, error, null) }))
    await answerSubmission(ack, client, view.id, work, { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
  })
}

/** The modal by which an agent says it unasked: for the organisation of these domains, or a new one; without any, all of them. */
export async function modalForDomains(listening: Listening, typed: string, channel: string): Promise<ModalView> {
  const { domains } = readDomains(typed)
  if (domains.length === 0) return organizationList(listening, { letters: typed.trim(), channel })
  const [known] = await organizationsOfDomains(listening.database, domains)
  const grant = known ?? { name: '', domains, access: 'all', members: [] }
  return modalOf(listening, { ticket: null, organization: known?.id ?? null, channel }, grant)
}

/** The same for an organisation of the list, as it is now, or a new one. */
export async function modalForOne(listening: Listening, id: number | null, channel: string | null): Promise<ModalView> {
  const known = id === null ? null : await organization(listening.database, id)
  const grant: Grant = known ?? { name: '', domains: [], access: 'all', members: [] }
  return modalOf(listening, { ticket: null, organization: known?.id ?? null, channel }, grant)
}

async function modalForTicket(listening: Listening, ticket: Ticket | null): Promise<ModalView> {
  if (!ticket) throw new Refusal('agents-only')
  const { database } = listening
  const [person] = await people(database, [ticket.requesterId])
  const asked = askedGrant.safeParse(ticket.answers[ASKED_GRANT]).data
  const known = asked
    ? await organizationsOfDomains(database, asked.domains)
    : await organizationsOf(database, ticket.requesterId)
  const own = domainOf(person?.address ?? '')
  const fresh: Grant = asked ?? { name: '', domains: own ? [own] : [], access: 'all', members: [] }
  const about = { ticket: ticket.id, organization: known[0]?.id ?? null, channel: null }
  const addresses = await addressesOf(database, [ticket.requesterId])
  const asker = {
    name: person?.name ?? '',
    address: person?.address ?? null,
    isProven: addresses.some(({ address, isProven }) => isProven && address === person?.address),
  }
  return modalOf(listening, about, known[0] && asked ? merged(known[0], asked) : (known[0] ?? fresh), asker)
}

/** What an organisation has, with what is asked for in addition: nothing that was granted is lost by a second asking. */
function merged(known: Organization, asked: Grant): Grant {
  const both = (one: string[], other: string[]) => [...new Set([...one, ...other])]
  return {
    name: known.name,
    domains: both(known.domains, asked.domains),
    access: known.access === 'all' ? 'all' : asked.access,
    members: both(known.members, asked.members),
  }
}

async function modalOf(
  listening: Listening,
  about: GrantAbout,
  grant: Grant,
  asker: Parameters<typeof grantModal>[0]['asker'] = null,
): Promise<ModalView> {
  const last = about.organization === null ? null : await lastGrant(listening.database, about.organization)
  return grantModal({ about, grant, asker, last, ctx: listening.render.deskContext() })
}

async function save(
  listening: Listening,
  allowed: Allowed,
  view: { id: string; state: { values: unknown } },
): Promise<ModalAnswer | { errors: Record<string, string> }> {
  const { database, render } = listening
  const { words } = render.deskContext()
  const { organizationId } = allowed
  const isKnown = organizationId !== null && (await organization(database, organizationId)) !== null
  const typed = typedGrant(readGrant(view.state.values), isKnown ? ['all', 'named', 'none'] : ['all', 'named'], words)
  if ('errors' in typed) return typed
  try {
    await saveGrant(listening, allowed, typed, `slack/view/${view.id}`)
  } catch (error) {
    if (!(error instanceof DomainTaken)) throw error
    const { domain, organization: name } = error
    return { errors: { domains: words('access.org.taken', { domain: `@${domain}`, name }) } }
  }
  const text = words('access.org.saved', { access: typed.access, name: typed.name })
  return { kind: 'show', view: doneModal({ text, ctx: render.deskContext() }) }
}
