import { elementsOf, type Placed, valuesOf } from './inputs.ts'
import type { Views } from './modals.ts'
import type { Workspace } from './store.ts'
import type { Block, Channel, ClickTarget, Message, View, ViewValues } from './types.ts'

/** Where somebody clicks: a view with its values, or a message with what this person has chosen in it. */
export type Surface = { values: ViewValues; blocks: Block[] } & (
  | { view: View }
  | { message: Message; channel: Channel; ephemeral: boolean }
)

/** What `target` is for this person; undefined when it is gone, covered by another view, or none of theirs to see. */
export function surfaceOf(
  workspace: Workspace,
  views: Views,
  userId: string,
  target: ClickTarget,
): Surface | undefined {
  if ('viewId' in target) {
    const view = views.find(target.viewId)
    if (!view || view.userId !== userId) return undefined
    const modal = workspace.modals.get(userId)
    // Only the top of the stack can be reached; the ones below are covered.
    if (view.type === 'modal' && modal?.stack.at(-1) !== view) return undefined
    return { view, values: view.values, blocks: view.blocks }
  }
  const channel = workspace.channel(target.channelId)
  if (!channel?.members.includes(userId)) return undefined
  const held = workspace.message(target.channelId, target.ts)
  const message = held ?? workspace.ephemerals.get(userId)?.find((other) => other.ts === target.ts)
  if (!message) return undefined
  const blocks = message.blocks ?? []
  const before = workspace.messageValues.get(`${userId} ${channel.id} ${message.ts}`)
  return { message, channel, ephemeral: held === undefined, blocks, values: valuesOf(blocks, before) }
}

/** The element of that action_id; throws with the ones that are there. */
export function placedIn(surface: Surface, actionId: string, blockId?: string): Placed {
  const all = elementsOf(surface.blocks)
  const placed = all.find((each) => each.actionId === actionId && (blockId === undefined || each.blockId === blockId))
  if (placed) return placed
  const names = all.map((each) => each.actionId).join(', ')
  throw new Error(`there is nothing called ${actionId} to click here, only: ${names}`)
}
