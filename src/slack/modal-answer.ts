import { setTimeout } from 'node:timers/promises'
import type { AckFn, ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api'
import { isSlackError, slackFailure } from './failures.ts'
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
    await update(client, { view_id: viewId, view })
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
  await onTrigger(client, (view) => client.views.open({ trigger_id: triggerId, view }), content, loading)
}

/** The same on top of the modal that the trigger came from; three lie on each other at most (docs.slack.dev/surfaces/modals). */
export async function pushModal(
  client: WebClient,
  triggerId: string,
  content: Promise<ModalView>,
  loading: ModalView,
): Promise<void> {
  await onTrigger(client, (view) => client.views.push({ trigger_id: triggerId, view }), content, loading)
}

async function onTrigger(
  client: WebClient,
  show: (view: ModalView) => Promise<{ view?: { id?: string } }>,
  content: Promise<ModalView>,
  loading: ModalView,
): Promise<void> {
  const view = await inTime(content, TRIGGER_PATIENCE_MS)
  if (view !== 'late') {
    await show(view)
    return
  }
  const opened = await show(loading)
  await update(client, { view_id: opened.view!.id!, view: await content })
}

/** Draws a modal that is open anew, whatever it shows; nothing when it was closed meanwhile. */
export async function refreshModal(client: WebClient, viewId: string, view: ModalView): Promise<void> {
  await update(client, { view_id: viewId, view })
}

/**
 * Shows something else in an open modal, loading first when that is slow. A view that changed since the click, because
 * it was sent meanwhile, stays as it is: `hash` is the one the click came with.
 */
export async function changeModal(
  client: WebClient,
  opened: { id: string; hash: string },
  content: Promise<ModalView>,
  loading: ModalView,
): Promise<void> {
  const view = await inTime(content, TRIGGER_PATIENCE_MS)
  if (view !== 'late') {
    await update(client, { view_id: opened.id, hash: opened.hash, view })
    return
  }
  const hash = await update(client, { view_id: opened.id, hash: opened.hash, view: loading })
  const then = await content
  if (hash) await update(client, { view_id: opened.id, hash, view: then })
}

// Somebody looks at a modal that says "one moment": a call that Slack could not take is worth a few more.
const RETRIES_MS = [500, 2_000, 5_000]

/** Answers with the new hash, or null when the modal was closed or has moved on: then there is nobody to show it to. */
async function update(
  client: WebClient,
  change: { view_id: string; hash?: string; view: ModalView },
  retries = RETRIES_MS,
): Promise<string | null> {
  try {
    return (await client.views.update(change)).view?.hash ?? null
  } catch (error) {
    // After a try whose answer was lost the hash is another one; that view is shown already.
    if (isSlackError(error, 'not_found', 'hash_conflict')) return null
    const [next, ...later] = retries
    const failure = slackFailure(error)
    if (next === undefined || failure.kind === 'never') throw error
    await setTimeout(Math.max(next, error instanceof WebAPIRateLimitedError ? failure.delayMs : 0))
    return update(client, change, later)
  }
}
