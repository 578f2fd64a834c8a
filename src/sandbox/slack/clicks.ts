import { no, trouble } from './client.ts'
import type { Acknowledgement } from './delivery.ts'
import { fileObject } from './file-objects.ts'
import { chosen, elementsOf, type Placed } from './inputs.ts'
import type { Interactions } from './interactions.ts'
import type { Views } from './modals.ts'
import type { People } from './people.ts'
import type { Workspace } from './store.ts'
import { placedIn, type Surface, surfaceOf } from './surfaces.ts'
import type { Block, ClickTarget, InputValue, Outcome, Person } from './types.ts'

type Json = Record<string, unknown>

/** Slack's client where it draws blocks: clicking, choosing, typing. */
export class Clicks implements Pick<People, 'click' | 'fill' | 'suggest'> {
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
    const surface = surfaceOf(this.workspace, this.views, userId, target)
    if (!surface) return no('message_not_found', 'This is no longer there.')
    const placed = placedIn(surface, actionId, options.blockId)
    const action = this.act(userId, surface, placed, options.value)
    if (placed.block.type === 'input' && !placed.block.dispatch_action) return { ok: true }
    if (placed.element.type === 'workflow_button') return { ok: true } // sends no block_actions
    return this.outcome(userId, surface, await this.send(this.workspace.actor(userId), surface, action))
  }

  async fill(userId: string, viewId: string, blockId: string, value: InputValue, actionId?: string): Promise<Outcome> {
    const surface = surfaceOf(this.workspace, this.views, userId, { viewId })
    const placed =
      surface &&
      elementsOf(surface.blocks).find((each) => each.blockId === blockId && (!actionId || each.actionId === actionId))
    if (!surface || !placed) throw new Error(`there is no element ${blockId} ${actionId ?? ''} in ${viewId}`)
    return this.click(userId, { viewId }, placed.actionId, { blockId, value })
  }

  async suggest(userId: string, target: ClickTarget, actionId: string, query: string, blockId?: string) {
    const surface = surfaceOf(this.workspace, this.views, userId, target)
    if (!surface) return no('message_not_found', 'This is no longer there.')
    const placed = placedIn(surface, actionId, blockId)
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

  /** Puts the value where it is kept, and answers the action as block_actions carries it. */
  act(userId: string, surface: Surface, placed: Placed, value: InputValue | undefined): Json {
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
    if ('view' in surface && modal?.stack.includes(surface.view)) this.views.showBanner(modal, trouble())
    else this.workspace.notify(userId, answer.error, trouble())
    return no(answer.error, trouble())
  }
}
