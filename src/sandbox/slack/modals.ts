import { valuesOf } from './inputs.ts'
import { invalidArguments, Refused } from './refused.ts'
import type { Modal, Workspace } from './store.ts'
import type { Triggers } from './triggers.ts'
import type { Block, View } from './types.ts'
import { checkView } from './validate/views.ts'
import { withIds } from './with-ids.ts'

type Json = Record<string, unknown>

const VIEW_BYTES = 250_000 // /reference/methods/views.open, view_too_large: "greater than 250kb"
const STACK_LIMIT = 3 // /surfaces/modals: at most three views

/** The views people have open: stacks of modals, and Homes. Every change goes through here; each refusal is Slack's. */
export class Views {
  private readonly workspace: Workspace
  private readonly triggers: Triggers

  constructor(workspace: Workspace, triggers: Triggers) {
    this.workspace = workspace
    this.triggers = triggers
  }

  open(raw: Json, triggerId: unknown): View {
    const trigger = this.triggers.check(triggerId)
    this.accept(raw, 'modal')
    const view = this.build(raw, trigger.userId)
    trigger.spent = true
    const from = trigger.viewId === undefined ? {} : { openedFrom: trigger.viewId }
    this.workspace.modals.set(trigger.userId, { stack: [view], errors: {}, ...from })
    this.workspace.changed()
    return view
  }

  push(raw: Json, triggerId: unknown): View {
    const trigger = this.triggers.check(triggerId)
    const home = Object.values(this.workspace.homes).some((view) => view.id === trigger.viewId)
    if (home)
      throw invalidArguments(
        "must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]",
      )
    if (!trigger.viewId) throw new Refused('invalid_trigger_id')
    const modal = this.workspace.modals.get(trigger.userId)
    if (!modal?.stack.some((view) => view.id === trigger.viewId)) throw new Refused('not_found')
    const view = this.pushOnto(modal, raw, trigger.userId)
    trigger.spent = true
    return view
  }

  /** Lays a view on top of an open modal; throws push_limit_reached for a fourth. */
  pushOnto(modal: Modal, raw: Json, userId: string): View {
    if (modal.stack.length >= STACK_LIMIT) throw new Refused('push_limit_reached')
    this.accept(raw, 'modal')
    const root = modal.stack[0] as View
    const view = { ...this.build(raw, userId), rootViewId: root.id, previousViewId: (modal.stack.at(-1) as View).id }
    modal.stack.push(view)
    Object.assign(modal, { errors: {}, banner: undefined })
    this.workspace.changed()
    return view
  }

  /** Replaces a view by id or external_id; its id stays, its hash changes. */
  update(raw: Json, which: { viewId?: string; externalId?: string; hash?: string }): View {
    const view = this.all().find((candidate) =>
      which.viewId ? candidate.id === which.viewId : candidate.externalId === which.externalId,
    )
    if (!view) throw new Refused('not_found')
    if (which.hash !== undefined && which.hash !== view.hash) throw new Refused('hash_conflict')
    this.accept(raw, view.type, view)
    const next = this.build(raw, view.userId, view)
    Object.assign(view, next, { id: view.id, rootViewId: view.rootViewId, previousViewId: view.previousViewId })
    const modal = this.workspace.modals.get(view.userId)
    if (modal && modal.stack.at(-1) === view) Object.assign(modal, { errors: {}, banner: undefined })
    this.workspace.changed()
    return view
  }

  publish(raw: Json, userId: string, hash?: string): View {
    const before = this.workspace.homes[userId]
    if (hash !== undefined && hash !== before?.hash) throw new Refused('hash_conflict')
    this.accept(raw, 'home', before)
    const view = this.build(raw, userId, before)
    this.workspace.homes[userId] = before ? { ...view, id: before.id, rootViewId: before.id } : view
    this.workspace.changed()
    return this.workspace.homes[userId]
  }

  find(viewId: string): View | undefined {
    return this.all().find((view) => view.id === viewId)
  }

  /** Takes the top view away; clear_on_close, or `all`, takes the whole modal. The next one shows again as it was. */
  closeTop(userId: string, all = false): void {
    const modal = this.workspace.modals.get(userId)
    if (!modal) return
    modal.stack.pop()
    Object.assign(modal, { errors: {}, banner: undefined })
    if (all || modal.stack.length === 0) this.workspace.modals.delete(userId)
    this.workspace.changed()
  }

  /** Shows `errors` under their blocks. */
  showErrors(modal: Modal, errors: Record<string, string>): void {
    Object.assign(modal, { errors, banner: undefined })
    this.workspace.changed()
  }

  /** Shows the generic line; everything typed stays. */
  showBanner(modal: Modal, banner: string): void {
    Object.assign(modal, { errors: {}, banner })
    this.workspace.changed()
  }

  private all(): View[] {
    const modals = [...this.workspace.modals.values()].flatMap((modal) => modal.stack)
    return [...modals, ...Object.values(this.workspace.homes)]
  }

  private accept(raw: Json, type: 'modal' | 'home', replaces?: View): void {
    checkView(raw, type)
    if (Buffer.byteLength(JSON.stringify(raw)) > VIEW_BYTES) throw new Refused('view_too_large')
    const externalId = raw.external_id
    if (externalId && this.all().some((view) => view !== replaces && view.externalId === externalId)) {
      throw new Refused('duplicate_external_id')
    }
  }

  private build(raw: Json, userId: string, before?: View): View {
    const blocks = withIds(this.workspace, raw.blocks as Block[])
    const id = this.workspace.id('V')
    const texts = Object.fromEntries(
      (['title', 'submit', 'close'] as const).flatMap((name) =>
        raw[name] ? [[name, { emoji: true, ...(raw[name] as Block) }]] : [],
      ),
    ) as Pick<View, 'title' | 'submit' | 'close'>
    return {
      id,
      type: raw.type as View['type'],
      userId,
      hash: `${this.workspace.seconds()}.${this.workspace.secret(4)}`,
      rootViewId: id,
      previousViewId: null,
      callbackId: String(raw.callback_id ?? ''),
      externalId: String(raw.external_id ?? ''),
      privateMetadata: String(raw.private_metadata ?? ''),
      title: undefined,
      submit: undefined,
      close: undefined,
      ...texts,
      blocks,
      clearOnClose: raw.clear_on_close === true,
      notifyOnClose: raw.notify_on_close === true,
      submitDisabled: raw.submit_disabled === true,
      values: valuesOf(blocks, before?.values),
    }
  }
}
