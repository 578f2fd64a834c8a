import { z } from 'zod'
import { ELEMENTS, slackFile } from './elements.ts'
import { richText } from './rich-text.ts'
import { anyText, blockId, plainText } from './texts.ts'

/** The blocks of 2025 and 2026 (BK/blocks/…): tables, charts, cards, tasks. Messages only, except alert. */
const block = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), block_id: blockId, ...shape })

const rawText = z.strictObject({ type: z.literal('raw_text'), text: z.string() })
const rawNumber = z.looseObject({ type: z.literal('raw_number') })
const cell = z.discriminatedUnion('type', [rawText, rawNumber, richText])
const column = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
})
const image = ELEMENTS.image
const buttons = z.array(ELEMENTS.button).min(1).max(3)

const card = block('card', {
  hero_image: image.optional(),
  icon: image.optional(),
  slack_icon: z.looseObject({ name: z.string() }).optional(),
  title: anyText(150).optional(),
  subtitle: anyText(150).optional(),
  body: anyText(200).optional(),
  subtext: anyText(200).optional(),
  actions: buttons.optional(),
})
  .refine((given) => !(given.icon && given.slack_icon), 'must not define both `icon` and `slack_icon`')
  .refine(
    (given) => given.hero_image || given.title || given.actions || given.body,
    'must define at least one of `hero_image`, `title`, `actions` or `body`',
  )

const task = {
  task_id: z.string().min(1),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: z.unknown().optional(),
  output: z.unknown().optional(),
  sources: z.array(z.unknown()).optional(),
}
const taskCard = block('task_card', task)

const DATA_TABLE_CHARACTERS = 20_000
/** Characters of text in all cells. */
function textLength(cells: unknown): number {
  if (typeof cells !== 'object' || cells === null) return 0
  return Object.entries(cells).reduce(
    (sum, [name, held]) => sum + (name === 'text' && typeof held === 'string' ? held.length : textLength(held)),
    0,
  )
}

const dataTable = block('data_table', {
  caption: z.string().min(1),
  rows: z.array(z.array(cell).min(1).max(20)).min(2).max(201),
  page_size: z.int().min(1).max(100).optional(),
  column_settings: z.array(z.looseObject({})).max(20).optional(),
  row_header_column_index: z.int().min(0).optional(),
})
  .refine(
    (given) => given.rows.every((row) => row.length === given.rows[0]?.length),
    'all rows must have the same number of cells',
  )
  .refine(
    (given) => given.rows[0]?.every((header) => header.type !== 'rich_text'),
    'header cells must not be rich_text',
  )
  .refine(
    (given) => textLength(given.rows) <= DATA_TABLE_CHARACTERS,
    `must be less than ${DATA_TABLE_CHARACTERS + 1} characters`,
  )

export const RICH_BLOCKS = {
  table: block('table', {
    rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
    column_settings: z.array(column.nullable()).max(20).optional(),
  }),
  data_table: dataTable,
  data_visualization: block('data_visualization', {
    title: z.string().min(1).max(50).optional(),
    chart: z.looseObject({ type: z.enum(['pie', 'bar', 'area', 'line']) }),
  }),
  card,
  carousel: block('carousel', { elements: z.array(card).min(1).max(10) }),
  task_card: taskCard,
  plan: block('plan', { title: z.string().min(1), tasks: z.array(taskCard).optional() }),
  alert: block('alert', {
    text: anyText(200),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  markdown: block('markdown', { text: z.string().min(1).max(12_000) }),
  video: block('video', {
    alt_text: z.string().min(1),
    title: plainText(199),
    title_url: z.url({ protocol: /^https$/ }).optional(),
    thumbnail_url: z.string().min(1),
    video_url: z.url({ protocol: /^https$/ }),
    author_name: z.string().max(49).optional(),
    description: plainText(199).optional(),
    provider_name: z.string().optional(),
    provider_icon_url: z.string().optional(),
  }),
}

export const imageSource = { image_url: z.string().min(1).max(3000).optional(), slack_file: slackFile.optional() }
