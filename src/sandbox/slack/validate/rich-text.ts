import { z } from 'zod'

/** rich_text (BK/blocks/rich-text-block): sections, lists of sections, preformatted text, quotes. */
const style = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strike: z.boolean().optional(),
  code: z.boolean().optional(),
  underline: z.boolean().optional(),
  highlight: z.boolean().optional(),
  client_highlight: z.boolean().optional(),
  unlink: z.boolean().optional(),
})
const piece = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape, style: style.optional() })

const text = piece('text', { text: z.string().min(1) })
const link = piece('link', { url: z.string().min(1), text: z.string().optional(), unsafe: z.boolean().optional() })
const inline = z.discriminatedUnion('type', [
  text,
  link,
  piece('emoji', {
    name: z.string(),
    unicode: z.string().optional(),
    url: z.string().optional(),
    skin_tone: z.int().optional(),
  }),
  piece('user', { user_id: z.string() }),
  piece('usergroup', { usergroup_id: z.string() }),
  piece('team', { team_id: z.string() }),
  piece('channel', { channel_id: z.string() }),
  piece('broadcast', { range: z.enum(['here', 'channel', 'everyone']) }),
  piece('color', { value: z.string() }),
  piece('date', {
    timestamp: z.int(),
    format: z.string(),
    url: z.string().optional(),
    fallback: z.string().optional(),
  }),
])
const border = z.union([z.literal(0), z.literal(1)]).optional()
const section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(inline) })

export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: z.string().max(255).optional(),
  elements: z.array(
    z.discriminatedUnion('type', [
      section,
      z.strictObject({
        type: z.literal('rich_text_list'),
        style: z.enum(['bullet', 'ordered']),
        elements: z.array(section),
        indent: z.int().min(0).max(8).optional(),
        offset: z.int().min(0).optional(),
        border,
      }),
      z.strictObject({
        type: z.literal('rich_text_preformatted'),
        elements: z.array(z.discriminatedUnion('type', [text, link])),
        language: z.string().optional(),
        border,
      }),
      z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(inline), border }),
    ]),
  ),
})
