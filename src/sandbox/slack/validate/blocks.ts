import { z } from 'zod'
import type { Block } from '../types.ts'
import { ELEMENTS, type ElementType } from './elements.ts'
import {
  BLOCK_SURFACES,
  ELEMENT_SURFACES,
  IN_ACTIONS,
  IN_CONTEXT,
  IN_CONTEXT_ACTIONS,
  IN_INPUT,
  IN_SECTION,
  type Surface,
} from './places.ts'
import { type Problem, problemsIn } from './problems.ts'
import { imageSource, RICH_BLOCKS } from './rich-blocks.ts'
import { richText } from './rich-text.ts'
import { anyText, blockId, plainText } from './texts.ts'

const BLOCKS_LIMIT = { modal: 100, home: 100, message: 50 } as const // BK/blocks
const MARKDOWN_LIMIT = 12_000 // over all markdown blocks of a message

const block = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), block_id: blockId, ...shape })

const oneOf = (types: ElementType[]) =>
  z.discriminatedUnion(
    'type',
    types.map((type) => ELEMENTS[type]) as [(typeof ELEMENTS)['button'], ...(typeof ELEMENTS)['button'][]],
  )

const SIMPLE_BLOCKS = {
  section: block('section', {
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: oneOf(IN_SECTION).optional(),
    expand: z.boolean().optional(),
  }).refine((given) => given.text !== undefined || given.fields !== undefined, 'must define either `text` or `fields`'),
  header: block('header', { text: plainText(150), level: z.int().min(1).max(4).optional() }),
  divider: block('divider', {}),
  context: block('context', { elements: z.array(oneOf(IN_CONTEXT)).min(1).max(10) }),
  actions: block('actions', { elements: z.array(oneOf(IN_ACTIONS)).min(1).max(25) }),
  context_actions: block('context_actions', { elements: z.array(oneOf(IN_CONTEXT_ACTIONS)).min(1).max(5) }),
  input: block('input', {
    label: plainText(2000),
    element: oneOf(IN_INPUT),
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
  }),
  image: block('image', {
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
    ...imageSource,
  }).refine(
    (given) => (given.image_url === undefined) !== (given.slack_file === undefined),
    'must define exactly one of `image_url` or `slack_file`',
  ),
  rich_text: richText,
}

const ordinary: Record<string, z.ZodType> = { ...SIMPLE_BLOCKS, ...RICH_BLOCKS }
const SCHEMAS: Record<string, z.ZodType> = {
  ...ordinary,
  container: block('container', {
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    icon: ELEMENTS.image.optional(),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    child_blocks: z
      .array(z.looseObject({ type: z.string() }))
      .min(1)
      .max(10),
  }).refine((given) => given.title || given.rich_text_title, 'must define either `title` or `rich_text_title`'),
}

/** Everything Slack objects to in these blocks on this surface; `pointer` is where the list stands. */
export function blockProblems(blocks: unknown, surface: Surface, pointer: string): Problem[] {
  if (!Array.isArray(blocks)) return [{ pointer, message: 'must provide an array', constraint: 'type' }]
  const list = z.array(z.unknown()).max(BLOCKS_LIMIT[surface])
  const found = problemsIn(list, blocks, pointer)
  blocks.forEach((each, index) => {
    found.push(...oneBlock(each, surface, `${pointer}/${index}`))
  })
  return found.length > 0 ? found : acrossBlocks(blocks as Block[], pointer)
}

function oneBlock(given: unknown, surface: Surface, pointer: string): Problem[] {
  if (typeof given !== 'object' || given === null)
    return [{ pointer, message: 'must provide an object', constraint: 'type' }]
  const { type } = given as Block
  if (type === undefined) return [{ pointer, message: 'missing required field: type', constraint: 'required' }]
  const schema = SCHEMAS[type]
  if (!schema || !BLOCK_SURFACES[type]?.includes(surface)) {
    return [{ pointer: `${pointer}/type`, message: `unsupported type: ${type}`, constraint: 'enum' }]
  }
  const found = problemsIn(schema, given, pointer)
  if (found.length > 0) return found
  if (type === 'container') return blockProblems((given as Block).child_blocks, surface, `${pointer}/child_blocks`)
  return placedElements(given as Block).flatMap(({ element, at }) => [
    ...wrongSurface(element, surface, `${pointer}/${at}`),
    ...elementProblems(element, `${pointer}/${at}`),
    ...(type === 'input' && element.type === 'file_input' && (given as Block).dispatch_action
      ? [
          {
            pointer: `${pointer}/dispatch_action`,
            message: '`dispatch_action` is not supported with file_input',
            constraint: 'custom',
          },
        ]
      : []),
    ...(element.response_url_enabled && (type !== 'input' || surface !== 'modal')
      ? [
          {
            pointer: `${pointer}/${at}`,
            message: 'invalid additional property: response_url_enabled',
            constraint: 'additionalProperties',
          },
        ]
      : []),
  ])
}

function wrongSurface(element: Block, surface: Surface, pointer: string): Problem[] {
  const surfaces = ELEMENT_SURFACES[element.type as ElementType]
  if (!surfaces || surfaces.includes(surface)) return []
  return [{ pointer: `${pointer}/type`, message: `unsupported type: ${element.type}`, constraint: 'enum' }]
}

/** The interactive elements directly in a block, with their place below it. */
function placedElements(given: Block): { element: Block; at: string }[] {
  if (given.type === 'input') return [{ element: given.element as Block, at: 'element' }]
  if (given.type === 'section' && given.accessory) return [{ element: given.accessory as Block, at: 'accessory' }]
  if (!Array.isArray(given.elements) || given.type === 'rich_text' || given.type === 'carousel') return []
  return (given.elements as Block[]).map((element, index) => ({ element, at: `elements/${index}` }))
}

/** What holds between the parts of one element: unique option values, initial options that exist, one source of options. */
function elementProblems(element: Block, pointer: string): Problem[] {
  const found: Problem[] = []
  const say = (at: string, message: string) => found.push({ pointer: pointer + at, message, constraint: 'custom' })
  if (element.type === 'static_select' || element.type === 'multi_static_select') {
    if ((element.options === undefined) === (element.option_groups === undefined))
      say('', 'must define exactly one of `options` or `option_groups`')
  }
  if (element.type === 'image' && (element.image_url === undefined) === (element.slack_file === undefined)) {
    say('', 'must define exactly one of `image_url` or `slack_file`')
  }
  const groups = (element.option_groups ?? []) as { options: Block[] }[]
  const options = [...((element.options ?? []) as Block[]), ...groups.flatMap((group) => group.options)]
  const values = new Set<unknown>()
  options.forEach((option, index) => {
    if (values.has(option.value)) say(`/options/${index}/value`, `\`value\` "${option.value}" already exists`)
    values.add(option.value)
  })
  const isExternal = element.type.includes('external')
  const initial = [element.initial_option ?? [], element.initial_options ?? []].flat() as Block[]
  for (const option of isExternal ? [] : initial) {
    if (!options.some((offered) => sameOption(offered, option))) {
      say(element.initial_option ? '/initial_option' : '/initial_options', 'must match one of the provided options')
    }
  }
  const most = element.max_selected_items as number | undefined
  if (most !== undefined && initial.length > most) say('/initial_options', `no more than ${most} items allowed`)
  return found
}

/** An initial option must equal an option exactly, description included. */
function sameOption(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): string =>
    JSON.stringify(value, (_key, held) =>
      typeof held === 'object' && held !== null && !Array.isArray(held)
        ? Object.fromEntries(
            Object.entries(held)
              .filter(([name]) => name !== 'emoji' && name !== 'verbatim')
              .sort(),
          )
        : held,
    )
  return plain(one) === plain(other)
}

/** What holds over all blocks: unique block_ids, action_ids unique in their block, one focus, markdown in sum. */
function acrossBlocks(blocks: Block[], pointer: string): Problem[] {
  const found: Problem[] = []
  const say = (at: string, message: string) => found.push({ pointer: pointer + at, message, constraint: 'custom' })
  const blockIds = new Set<string>()
  let focused = 0
  let markdown = 0
  let tables = 0
  let charts = 0
  blocks.forEach((each, index) => {
    if (each.block_id && each.type !== 'markdown') {
      if (blockIds.has(each.block_id)) say(`/${index}/block_id`, `\`block_id\` "${each.block_id}" already exists`)
      blockIds.add(each.block_id)
    }
    const actionIds = new Set<unknown>()
    for (const { element, at } of placedElements(each)) {
      if (element.focus_on_load === true && ++focused > 1)
        say(`/${index}/${at}/focus_on_load`, 'only one element can have `focus_on_load` set to true')
      if (element.action_id === undefined) continue
      if (actionIds.has(element.action_id))
        say(`/${index}/${at}/action_id`, `\`action_id\` "${element.action_id}" already exists`)
      actionIds.add(element.action_id)
    }
    if (each.type === 'markdown') markdown += String(each.text).length
    if (each.type === 'table' && ++tables > 1) say(`/${index}`, 'only one table block is allowed')
    if (each.type === 'data_visualization' && ++charts > 2) say(`/${index}`, 'too many data_visualization blocks')
  })
  if (markdown > MARKDOWN_LIMIT) say('', `must be less than ${MARKDOWN_LIMIT + 1} characters in all markdown blocks`)
  return found
}
