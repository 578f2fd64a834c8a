import { z } from 'zod'

/** Composition objects (BK/composition-objects). Lengths are counted in UTF-16 units: never fewer than code points. */

export const plainText = (most: number, least = 1) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(least).max(most),
    emoji: z.boolean().optional(),
  })

export const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.boolean().optional() })

export const anyText = (most: number) => z.discriminatedUnion('type', [plainText(most), mrkdwn(most)])

const OPTION_TEXT = 75 // BK/composition-objects/option-object; the company registration label has 76
const OPTION_VALUE = 150

/** An option of a select: plain text only. `url` exists in overflow menus alone. */
export const plainOption = z.strictObject({
  text: plainText(OPTION_TEXT),
  value: z.string().min(1).max(OPTION_VALUE),
  description: plainText(75).optional(),
})

export const overflowOption = z.strictObject({ ...plainOption.shape, url: z.string().max(3000).optional() })

/** An option of checkboxes or radio buttons: may be mrkdwn. */
export const richOption = z.strictObject({
  text: anyText(OPTION_TEXT),
  value: z.string().min(1).max(OPTION_VALUE),
  description: anyText(75).optional(),
})

export const optionGroup = z.strictObject({ label: plainText(75), options: z.array(plainOption).min(1).max(100) })

export const confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
})

export const blockId = z.string().max(255).optional()
export const actionId = z.string().min(1).max(255).optional()

/** Two entries with the same `key` are refused where the second stands. */
export function unique<T>(
  items: readonly T[],
  key: (item: T) => string | undefined,
  at: (index: number) => (string | number)[],
  name: string,
) {
  const seen = new Set<string>()
  return items.flatMap((item, index) => {
    const value = key(item)
    if (value === undefined) return []
    if (!seen.has(value)) {
      seen.add(value)
      return []
    }
    return [{ path: at(index), message: `\`${name}\` "${value}" already exists` }]
  })
}
