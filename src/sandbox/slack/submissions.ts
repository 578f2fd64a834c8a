import type { Clicks } from './clicks.ts'
import { no, trouble } from './client.ts'
import { clientErrors } from './client-checks.ts'
import { elementsOf } from './inputs.ts'
import type { Interactions } from './interactions.ts'
import type { Views } from './modals.ts'
import type { People } from './people.ts'
import { Refused } from './refused.ts'
import type { Modal, Workspace } from './store.ts'
import type { InputValue, Outcome, SubmitOutcome, View } from './types.ts'

type Json = Record<string, unknown>

/** Slack's client around a modal: its submit button, its cancel button, its ×. */
export class Submissions implements Pick<People, 'submit' | 'close'> {
  private readonly workspace: Workspace
  private readonly interactions: Interactions
  private readonly views: Views
  private readonly clicks: Clicks

  constructor(workspace: Workspace, interactions: Interactions, views: Views, clicks: Clicks) {
    this.workspace = workspace
    this.interactions = interactions
    this.views = views
    this.clicks = clicks
  }

  async submit(
    userId: string,
    viewId: string,
    values: Record<string, InputValue | Record<string, InputValue>> = {},
  ): Promise<SubmitOutcome> {
    const modal = this.workspace.modals.get(userId)
    const view = modal?.stack.at(-1)
    if (!modal || !view || view.id !== viewId) return no('not_found', 'This window is no longer open.')
    for (const [blockId, given] of Object.entries(values)) this.put(userId, view, blockId, given)
    const errors = clientErrors(view, this.workspace.person(userId)?.locale)
    if (Object.keys(errors).length > 0) {
      this.views.showErrors(modal, errors)
      return { ...no('client_refused', Object.values(errors)[0] as string), errors }
    }
    this.shareFiles(view)
    const answer = await this.interactions.submission(this.workspace.actor(userId), view, responseTargets(view))
    if (!answer.ok) return this.banner(modal, answer.error)
    if (typeof answer.body === 'string' && answer.body !== '') return this.banner(modal, 'invalid_response_action')
    return this.answered(userId, modal, view, (answer.body || {}) as Json)
  }

  async close(userId: string, viewId: string, which: 'view' | 'all' = 'view'): Promise<Outcome> {
    const modal = this.workspace.modals.get(userId)
    const view = modal?.stack.at(-1)
    if (!modal || !view || !modal.stack.some((each) => each.id === viewId))
      return no('not_found', 'This window is no longer open.')
    const all = which === 'all' || view.clearOnClose
    // × sends the root view with is_cleared; Cancel sends the view itself (/surfaces/modals).
    const told = all ? (modal.stack[0] as View) : view
    this.views.closeTop(userId, all)
    if (told.notifyOnClose) await this.interactions.closed(this.workspace.actor(userId), told, all)
    return { ok: true }
  }

  /** What the app's answer to a submission does (/surfaces/modals); an answer that makes no sense leaves the modal and a banner. */
  private answered(userId: string, modal: Modal, view: View, body: Json): SubmitOutcome {
    const now = this.workspace.modals.get(userId)
    if (now?.stack.includes(view) !== true) {
      // A modal opened with views.open out of this submission is closed by its empty answer (bolt-js#639, #1072).
      if (now?.openedFrom === view.id && body.response_action === undefined) this.views.closeTop(userId, true)
      return { ok: true, next: 'closed' }
    }
    try {
      switch (body.response_action) {
        case undefined:
          this.views.closeTop(userId)
          return { ok: true, next: 'closed' }
        case 'clear':
          this.views.closeTop(userId, true)
          return { ok: true, next: 'closed' }
        case 'update':
          this.views.update(body.view as Json, { viewId: view.id })
          return { ok: true, next: 'updated' }
        case 'push':
          this.views.pushOnto(modal, body.view as Json, userId)
          return { ok: true, next: 'pushed' }
        case 'errors':
          return this.refusedByApp(modal, view, body.errors)
        default:
          return this.banner(modal, 'invalid_response_action')
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return this.banner(modal, error.code)
    }
  }

  private refusedByApp(modal: Modal, view: View, raw: unknown): SubmitOutcome {
    const errors = (raw ?? {}) as Record<string, string>
    const inputs = new Set(view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id))
    const keys = Object.keys(errors)
    // Keys must be block_ids of input blocks; anything else is a generic error for the person.
    if (keys.length === 0 || keys.some((key) => !inputs.has(key) || typeof errors[key] !== 'string')) {
      return this.banner(modal, 'invalid_errors')
    }
    this.views.showErrors(modal, errors)
    return { ...no('refused_by_app', Object.values(errors)[0] as string), errors }
  }

  private banner(modal: Modal, error: string): SubmitOutcome {
    this.views.showBanner(modal, trouble())
    return no(error, trouble())
  }

  private put(userId: string, view: View, blockId: string, given: InputValue | Record<string, InputValue>): void {
    const byAction = typeof given === 'object' && given !== null && !Array.isArray(given)
    for (const placed of elementsOf(view.blocks).filter((each) => each.blockId === blockId)) {
      const value = byAction ? given[placed.actionId] : given
      if (value !== undefined)
        this.clicks.act(userId, { view, values: view.values, blocks: view.blocks }, placed, value)
      if (!byAction) return
    }
    if (!view.blocks.some((block) => block.block_id === blockId))
      throw new Error(`there is no block ${blockId} in ${view.callbackId}`)
  }

  /** Files given to the app in a modal are its to read, though they stand in no channel (BK/block-elements/file-input-element). */
  private shareFiles(view: View): void {
    const values = Object.values(view.values).flatMap((block) => Object.values(block))
    for (const { id } of values.flatMap((value) => (value.files ?? []) as { id: string }[])) {
      const file = this.workspace.file(id)
      if (file) file.sharedWithApp = true
    }
  }
}

/** Where `response_url_enabled` selects of a submitted view point (BK/block-elements/select-menu-element). */
function responseTargets(view: View): { block_id: string; action_id: string; channel_id: string }[] {
  return elementsOf(view.blocks).flatMap(({ element, blockId, actionId }) => {
    const value = view.values[blockId]?.[actionId]
    const channel = (value?.selected_conversation ?? value?.selected_channel) as string | null | undefined
    return element.response_url_enabled && channel
      ? [{ block_id: blockId, action_id: actionId, channel_id: channel }]
      : []
  })
}
