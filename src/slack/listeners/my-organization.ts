import type { BlockAction, ButtonAction } from '@slack/bolt'
import { isPublicDomain } from '../../public-domains.ts'
import { managedOrganizations } from '../../store/organizations.ts'
import type { Person } from '../../ticket/in-full.ts'
import { ASKED_GRANT, domainOf, type Grant } from '../../ticket/organization.ts'
import { onClientForm } from '../client-form.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { openModal } from '../modal-answer.ts'
import { typedGrant } from '../typed-grant.ts'
import { askAccessModal, readGrant } from '../views/organization-modal.ts'
import { loadingModal, problemModal, sentModal } from '../views/small-modals.ts'

/** The App Home's "My organisation": a client states whose requests they want to see, which opens a request (CLI-08). */
export function register(listening: Listening): void {
  const { app, client, database, render, who } = listening

  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: 'home.organization' },
    async ({ ack, body }) => {
      await ack()
      const ctx = render.requesterContext(who.lately(userOf(body)))
      const content = who
        .contact(userOf(body))
        .then(async (person) => {
          const seen = await managedOrganizations(database, person.id)
          const own = domainOf(person.address ?? '')
          const domain = isPublicDomain(own) ? '' : own
          return askAccessModal({ seen, domain, ctx: render.requesterContext(person) })
        })
        .catch((error) => problemModal({ text: explain(listening, error, who.lately(userOf(body))), ctx }))
      await openModal(client, body.trigger_id, content, loadingModal({ ctx }))
    },
  )

  onClientForm(listening, 'organization.ask', 'name', async ({ person, view }) => {
    const ctx = render.requesterContext(person)
    const typed = typedGrant(readGrant(view.state.values), ['all', 'named'], ctx.words)
    if ('errors' in typed) return typed
    return sentModal({ number: await open(listening, person, typed, view.id), ctx })
  })
}

/** The request states name, domains and people in words, and as data for the agent's form (CLI-09). */
async function open(listening: Listening, person: Person, asked: Grant, viewId: string): Promise<number> {
  const { words } = listening.render.requesterContext(person)
  const domains = asked.domains.map((domain) => `@${domain}`).join(', ')
  const said = { name: asked.name, domains, access: asked.access, members: asked.members.join(', ') }
  const { ticketId } = await listening.desk.handle({
    type: 'open',
    intake: {
      subject: words('access.org.subject', { name: asked.name }),
      branch: null,
      accountKey: null,
      ...listening.routeOf(null, null),
      form: null,
      answers: { [ASKED_GRANT]: asked },
      impact: null,
      users: null,
      priority: 'normal',
    },
    requesterId: person.id,
    ccIds: [],
    locale: person.locale ?? 'en',
    comment: { text: words('access.org.text', said), fullText: null, attachments: [] },
    mayAnswer: true,
    followUpOf: null,
    actor: { kind: 'contact', id: person.id },
    via: 'slack',
    source: `slack/view/${viewId}`,
  })
  return ticketId
}
