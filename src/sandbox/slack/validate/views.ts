import { z } from 'zod'
import { invalidArguments, Refused } from '../refused.ts'
import type { Block } from '../types.ts'
import { blockProblems } from './blocks.ts'
import { inSlacksWords, type Problem, problemsIn } from './problems.ts'
import { plainText } from './texts.ts'

const VIEW_LIMIT_BYTES = 250_000 // "250 KB" (M/views.update); the smaller reading of a kilobyte, so that both hold

const shared = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
}

/** /reference/views/modal-views */
const modal = z.strictObject({
  type: z.literal('modal'),
  ...shared,
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
})

/** /reference/views/home-tab-views: nothing of a modal's frame */
const home = z.strictObject({ type: z.literal('home'), ...shared })

/** Everything Slack objects to in a view. */
export function viewProblems(view: unknown, type: 'modal' | 'home', pointer = '/view'): Problem[] {
  const found = problemsIn(type === 'modal' ? modal : home, view, pointer)
  const blocks = (view as { blocks?: unknown } | null)?.blocks
  if (!Array.isArray(blocks)) return found
  found.push(...blockProblems(blocks, type, `${pointer}/blocks`))
  const inputAt = (blocks as Block[]).findIndex((block) => block?.type === 'input')
  if (type === 'modal' && inputAt >= 0 && (view as Block).submit === undefined) {
    const message = 'must define `submit` to use an `input` block in modals'
    found.push({ pointer: `${pointer}/blocks/${inputAt}/input`, message, constraint: 'custom' })
  }
  return found
}

/** Nothing, when Slack would take the view; throws view_too_large or invalid_arguments with the reasons (M/views.open). */
export function checkView(view: unknown, type: 'modal' | 'home'): void {
  if (typeof view !== 'object' || view === null) throw invalidArguments('must provide an object [json-pointer:/view]')
  if (Buffer.byteLength(JSON.stringify(view)) > VIEW_LIMIT_BYTES) throw new Refused('view_too_large')
  const found = viewProblems(view, type)
  if (found.length > 0) {
    throw new Refused('invalid_arguments', { response_metadata: { messages: found.map(inSlacksWords) } })
  }
}
