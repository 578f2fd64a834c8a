import type { AckFn, ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { inTime, PATIENCE_MS } from './in-time.ts'

/** What follows from submitting a modal. `again` shows the same page with its errors, where Slack can no longer mark fields. */
export type ModalAnswer =
  | { kind: 'close' }
  | { kind: 'show'; view: ModalView }
  | { kind: 'errors'; errors: Record<string, string>; again: ModalView }

/**
 * Answers a submission in time whatever the database does. `done` is shown in place of a closing modal when the
 * answer came too late to close it: no call closes a modal (docs.slack.dev/surfaces/modals).
 */
export async function answerSubmission(
  ack: AckFn<void> | AckFn<ViewResponseAction>,
  client: WebClient,
  viewId: string,
  work: Promise<ModalAnswer>,
  late: { loading: ModalView; done: ModalView },
): Promise<void> {
  const respond = ack as (answer?: ViewResponseAction) => Promise<void>
  const answer = await inTime(work, PATIENCE_MS)
  if (answer === 'late') {
    await respond({ response_action: 'update', view: late.loading })
    const then = await work
    const view = then.kind === 'close' ? late.done : then.kind === 'errors' ? then.again : then.view
    await client.views.update({ view_id: viewId, view })
    return
  }
  if (answer.kind === 'close') await respond()
  else if (answer.kind === 'errors') await respond({ response_action: 'errors', errors: answer.errors })
  else await respond({ response_action: 'update', view: answer.view })
}

// A trigger lives 3 s and one call uses it up: open with what is there by then.
const TRIGGER_PATIENCE_MS = 1_000

/** Opens a modal on a trigger: at once with its content when that is quick, else loading first and its content when it is there. */
export async function openModal(
  client: WebClient,
  triggerId: string,
  content: Promise<ModalView>,
  loading: ModalView,
): Promise<void> {
  const view = await inTime(content, TRIGGER_PATIENCE_MS)
  if (view !== 'late') {
    await client.views.open({ trigger_id: triggerId, view })
    return
  }
  const opened = await client.views.open({ trigger_id: triggerId, view: loading })
  await client.views.update({ view_id: opened.view!.id!, view: await content })
}
