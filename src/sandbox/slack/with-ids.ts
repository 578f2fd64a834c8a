import type { Workspace } from './store.ts'
import type { Block } from './types.ts'

type Json = Record<string, unknown>

/** Blocks as Slack keeps them: every block and interactive element with an id, text objects with their defaults. */
export function withIds(workspace: Workspace, blocks: readonly Block[]): Block[] {
  const named = (item: unknown, inTexts: boolean): unknown => {
    if (Array.isArray(item)) return item.map((child) => named(child, inTexts))
    if (typeof item !== 'object' || item === null) return item
    const object = Object.fromEntries(
      Object.entries(item as Json).map(([name, child]) => [
        name,
        name === 'event_payload' ? child : named(child, true),
      ]),
    ) as Json
    if (object.type === 'plain_text') object.emoji ??= true
    if (object.type === 'mrkdwn') object.verbatim ??= false
    return object
  }
  return blocks.map((block) => {
    const kept = { ...(named(block, false) as Block) }
    if (kept.type === 'markdown') delete kept.block_id // BK/blocks/markdown-block: ignored
    kept.block_id ??= workspace.secret(3)
    const give = (element: unknown) => {
      const held = element as Block
      if (INTERACTIVE(held)) held.action_id ??= workspace.secret(3)
    }
    if (kept.type === 'input') give(kept.element)
    if (kept.type === 'section' && kept.accessory) give(kept.accessory)
    if (kept.type === 'actions' || kept.type === 'context_actions')
      for (const element of kept.elements as unknown[]) give(element)
    return kept
  })
}

const INTERACTIVE = (element: Block) => !['image', 'plain_text', 'mrkdwn'].includes(element.type)
