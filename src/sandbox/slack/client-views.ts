import { no, trouble } from './client.ts'
import { clientErrors } from './client-checks.ts'
import type { Acknowledgement } from './delivery.ts'
import { chosen, elementsOf, type Placed, valuesOf } from './inputs.ts'
import type { Interactions } from './interactions.ts'
import type { Views } from './modals.ts'
import { fileObject } from './objects.ts'
import type { People } from './people.ts'
import { Refused } from './refused.ts'
import type { Modal, Workspace } from './store.ts'
import type {
  Block,
  Channel,
  ClickTarget,
  InputValue,
  Message,
  Outcome,
  Person,
  SubmitOutcome,
  View,
  ViewValues,
} from './types.ts'

type Json = Record<string, unknown>

/** What was clicked: a view with its values, or a message with this person's. */
type Surface = { values: ViewValues; blocks: Block[] } & (
  | { view: View }
  | { message: Message; channel: Channel; ephemeral: boolean }
)

/** Slack's client where it draws blocks: clicking, choosing, typing, submitting, closing. */
export class ClientViews implements Pick<People, 'click' | 'fill' | 'suggest' | 'submit' | 'close'> {
  private readonly workspace: Workspace
  private readonly interactions: Interactions
  private readonly views: Views
  /** Options an external select offered last, by person and action: only these can be chosen. */
  private readonly offered = new Map<string, Block[]>()

  constructor(workspace: Workspace, interactions: Interactions, views: Views) {
    this.workspace = workspace
    this.interactions = interactions
    this.views = views
  }

  async click(
    userId: string,
    target: ClickTarget,
    actionId: string,
    options: { blockId?: string; value?: InputValue } = {},
  ): Promise<Outcome> {
    const surface = this.surface(userId, target)
    if (!surface) return no('message_not_found', 'This is no longer there.')
    const placed = this.find(surface, actionId, options.blockId)
    const action = this.act(userId, surface, placed, options.value)
    if (placed.block.type === 'input' && !placed.block.dispatch_action) return { ok: true }
    if (placed.element.type === 'workflow_button') return { ok: true } // sends no block_actions
    return this.outcome(userId, surface, await this.send(this.workspace.actor(userId), surface, action))
  }

  async fill(userId: string, viewId: string, blockId: string, value: InputValue, actionId?: string): Promise<Outcome> {
    const surface = this.surface(userId, { viewId })
    const placed =
      surface &&
      elementsOf(surface.blocks).find((each) => each.blockId === blockId && (!actionId || each.actionId === actionId))
    if (!surface || !placed) throw new Error(`there is no element ${blockId} ${actionId ?? ''} in ${viewId}`)
    return this.click(userId, { viewId }, placed.actionId, { blockId, value })
  }

  async suggest(userId: string, target: ClickTarget, actionId: string, query: string, blockId?: string) {
    const surface = this.surface(userId, target)
    if (!surface) return no('message_not_found', 'This is no longer there.')
    const placed = this.find(surface, actionId, blockId)
    const least = (placed.element.min_query_length as number | undefined) ?? 3
    if (query.length < least) return { ok: true as const, options: [] }
    const asked = { actionId, blockId: placed.blockId, query }
    const answer = await this.interactions.suggestion(this.workspace.actor(userId), asked, surface)
    if (!answer.ok) return no(answer.error, 'No results could be loaded.')
    const body = (answer.body ?? {}) as { options?: Block[]; option_groups?: { options: Block[] }[] }
    const options = body.options ?? []
    this.offered.set(`${userId} ${actionId}`, [
      ...options,
      ...(body.option_groups ?? []).flatMap((group) => group.options),
    ])
    return { ok: true as const, options, ...(body.option_groups ? { option_groups: body.option_groups } : {}) }
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
    const errors = clientErrors(view)
    if (Object.keys(errors).length > 0) {
      Object.assign(modal, { errors, banner: undefined })
      this.workspace.changed()
      return { ...no('client_refused', Object.values(errors)[0] as string), errors }
    }
    for (const file of Object.values(view.values)
      .flatMap(Object.values)
      .flatMap((value) => (value.files ?? []) as { id: string }[])) {
      const held = this.workspace.file(file.id)
      if (held) held.sharedWithApp = true
    }
    const answer = await this.interactions.submission(this.workspace.actor(userId), view, responseTargets(view))
    if (!answer.ok) return this.banner(modal, answer.error)
    return this.answered(userId, modal, view, (answer.body ?? {}) as Json)
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
    if (this.workspace.modals.get(userId)?.stack.includes(view) !== true) return { ok: true, next: 'closed' }
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
    Object.assign(modal, { errors, banner: undefined })
    this.workspace.changed()
    return { ...no('refused_by_app', Object.values(errors)[0] as string), errors }
  }

  private banner(modal: Modal, error: string): SubmitOutcome {
    Object.assign(modal, { errors: {}, banner: trouble() })
    this.workspace.changed()
    return no(error, trouble())
  }

  private put(userId: string, view: View, blockId: string, given: InputValue | Record<string, InputValue>): void {
    const byAction = typeof given === 'object' && given !== null && !Array.isArray(given)
    for (const placed of elementsOf(view.blocks).filter((each) => each.blockId === blockId)) {
      const value = byAction ? given[placed.actionId] : given
      if (value !== undefined) this.act(userId, { view, values: view.values, blocks: view.blocks }, placed, value)
      if (!byAction) return
    }
    if (!view.blocks.some((block) => block.block_id === blockId))
      throw new Error(`there is no block ${blockId} in ${view.callbackId}`)
  }

  /** Puts the value where it is kept, and answers the action as block_actions carries it. */
  private act(userId: string, surface: Surface, placed: Placed, value: InputValue | undefined): Json {
    const { element, blockId, actionId } = placed
    const base = { type: element.type, action_id: actionId, block_id: blockId }
    if (value === undefined || element.type === 'button' || element.type === 'workflow_button') {
      const copied = Object.fromEntries(
        ['text', 'value', 'style', 'url'].flatMap((name) => (element[name] ? [[name, element[name]]] : [])),
      )
      return { ...base, ...copied }
    }
    const external = this.offered.get(`${userId} ${actionId}`)
    const state = chosen(element, value, {
      file: (id) => this.workspace.file(id),
      fileObject: (file) => fileObject(this.workspace, file),
      ...(external ? { external } : {}),
    })
    if (element.type !== 'overflow') {
      surface.values[blockId] ??= {}
      surface.values[blockId][actionId] = state
      if (!('view' in surface))
        this.workspace.messageValues.set(`${userId} ${surface.channel.id} ${surface.message.ts}`, surface.values)
      this.workspace.changed()
    }
    return { ...state, ...base }
  }

  private send(person: Person, surface: Surface, action: Json): Promise<Acknowledgement> {
    if ('view' in surface) return this.interactions.clickInView(person, surface.view, action)
    const more = { ephemeral: surface.ephemeral, values: surface.values }
    return this.interactions.clickInMessage(person, surface.channel, surface.message, action, more)
  }

  private outcome(userId: string, surface: Surface, answer: Acknowledgement): Outcome {
    if (answer.ok) return { ok: true }
    const modal = this.workspace.modals.get(userId)
    if ('view' in surface && modal?.stack.includes(surface.view)) this.banner(modal, answer.error)
    else this.workspace.notify(userId, answer.error, trouble())
    return no(answer.error, trouble())
  }

  private surface(userId: string, target: ClickTarget): Surface | undefined {
    if ('viewId' in target) {
      const view = this.views.find(target.viewId)
      if (!view || view.userId !== userId) return undefined
      const modal = this.workspace.modals.get(userId)
      // Only the top of the stack can be reached; the ones below are covered.
      if (view.type === 'modal' && modal?.stack.at(-1) !== view) return undefined
      return { view, values: view.values, blocks: view.blocks }
    }
    const channel = this.workspace.channel(target.channelId)
    if (!channel?.members.includes(userId)) return undefined
    const held = this.workspace.message(target.channelId, target.ts)
    const message = held ?? this.workspace.ephemerals.get(userId)?.find((other) => other.ts === target.ts)
    if (!message) return undefined
    const blocks = message.blocks ?? []
    const before = this.workspace.messageValues.get(`${userId} ${channel.id} ${message.ts}`)
    return { message, channel, ephemeral: held === undefined, blocks, values: valuesOf(blocks, before) }
  }

  private find(surface: Surface, actionId: string, blockId?: string): Placed {
    const all = elementsOf(surface.blocks)
    const placed = all.find((each) => each.actionId === actionId && (blockId === undefined || each.blockId === blockId))
    if (placed) return placed
    throw new Error(
      `there is nothing called ${actionId} to click here, only: ${all.map((each) => each.actionId).join(', ')}`,
    )
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
