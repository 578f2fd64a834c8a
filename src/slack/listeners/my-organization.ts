import type { BlockAction, ButtonAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { isPublicDomain } from '../../public-domains.ts'
import { managedOrganizations } from '../../store/organizations.ts'
import type { Person } from '../../ticket/in-full.ts'
import { ASKED_GRANT, domainOf, type Grant } from '../../ticket/organization.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { answerSubmission, type ModalAnswer, openModal } from '../modal-answer.ts'
import { typedGrant } from '../typed-grant.ts'
import { askAccessModal, readGrant } from '../views/organization-modal.ts'
import { doneModal, loadingModal, problemModal, sentModal } from '../views/small-modals.ts'
import { withProblem } from '../views/with-problem.ts'

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

  app.view('organization.ask', async ({ ack, body, view }) => {
    const ctx = render.requesterContext(who.lately(userOf(body)))
    const work = async (): Promise<ModalAnswer> => {
      let person: Person | null = null
      try {
        person = await who.contact(userOf(body))
        const { words } = render.requesterContext(person)
        const typed = typedGrant(readGrant(view.state.values), ['all', 'named'], words)
        if ('errors' in typed) return refused(typed.errors)
        const number = await open(listening, person, typed, view.id)
        return { kind: 'show', view: sentModal({ number, ctx: render.requesterContext(person) }) }
      } catch (error) {
        return refused({ name: explain(listening, error, person) })
      }
    }
    const refused = (errors: Record<string, string>): ModalAnswer => {
      const again = withProblem(view as unknown as ModalView, Object.values(errors).join('\n'))
      return { kind: 'errors', errors, again }
    }
    await answerSubmission(ack, client, view.id, work(), { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
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
