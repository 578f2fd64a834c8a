import type { ModalView } from '@slack/types'
import type { SlackUser } from '../store/people.ts'
import type { Person } from '../ticket/in-full.ts'
import { explain, type Listening, userOf } from './listening.ts'
import { answerSubmission, type ModalAnswer } from './modal-answer.ts'
import { doneModal, loadingModal } from './views/small-modals.ts'
import { withProblem } from './views/with-problem.ts'

/** A form as a client sent it. */
export interface SentForm {
  user: SlackUser
  person: Person
  view: { id: string; private_metadata: string; state: { values: unknown } }
}

/** What is wrong, by field, in the client's words. */
export interface Wrong {
  errors: Record<string, string>
}

/**
 * Hears a form that a client sends: `act` answers with what is shown next, or with what is wrong; what they typed stays.
 * A Refusal, and a fault of ours, is told at `field`.
 */
export function onClientForm(
  listening: Listening,
  callbackId: string,
  field: string,
  act: (sent: SentForm) => Promise<ModalView | Wrong>,
): void {
  const { app, client, render, who } = listening
  app.view(callbackId, async ({ ack, body, view }) => {
    const user = userOf(body)
    const ctx = render.requesterContext(who.lately(user))
    const refused = ({ errors }: Wrong): ModalAnswer => {
      const again = withProblem(view as unknown as ModalView, Object.values(errors).join('\n'))
      return { kind: 'errors', errors, again }
    }
    const work = async (): Promise<ModalAnswer> => {
      let person: Person | null = null
      try {
        person = await who.contact(user)
        const then = await act({ user, person, view })
        return 'errors' in then ? refused(then) : { kind: 'show', view: then }
      } catch (error) {
        return refused({ errors: { [field]: explain(listening, error, person) } })
      }
    }
    await answerSubmission(ack, client, view.id, work(), { loading: loadingModal({ ctx }), done: doneModal({ ctx }) })
  })
}
