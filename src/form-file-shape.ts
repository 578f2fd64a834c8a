import { z } from 'zod'
import { MOST } from './ticket/form-read.ts'

/** The shape of templates/forms/<name>.json. What its names stand for is checked in ticket/form-check.ts. */
export type WrittenForm = z.infer<typeof formShape>
export type WrittenField = WrittenForm['fields'][string]

export const key = z.string().regex(/^[a-z0-9_]{1,60}$/, 'write a key of small letters, digits and _')
const showWhen = z.record(key, z.array(key).min(1)).optional()
const question = { required: z.boolean(), showWhen }
const MOST_CHARACTERS = 3000 // of a plain_text_input, docs.slack.dev
const MOST_FILES = 10 // of a file_input, docs.slack.dev
const field = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['name', 'text', 'longtext', 'email', 'url']),
    maxLength: z.int().min(1).max(MOST_CHARACTERS),
    ...question,
  }),
  z
    .strictObject({
      kind: z.literal('number'),
      decimals: z.boolean(),
      min: z.number().min(-MOST).max(MOST).optional(),
      max: z.number().min(-MOST).max(MOST).optional(),
      ...question,
    })
    .refine(({ min = -MOST, max = MOST }) => min <= max, 'min is above max: swap them'),
  z.strictObject({ kind: z.literal('date'), ...question }),
  z.strictObject({ kind: z.enum(['select', 'radio', 'checkboxes']), options: z.array(key), ...question }),
  z.strictObject({ kind: z.literal('account'), ...question }),
  z.strictObject({ kind: z.literal('files'), maxFiles: z.int().min(1).max(MOST_FILES), ...question }),
  z.strictObject({ kind: z.literal('consent'), ticked: z.boolean(), ...question }),
])
const priority = z.enum(['low', 'normal', 'high', 'urgent'])

export const formShape = z.strictObject({
  name: key,
  fields: z.record(key, field),
  pages: z.array(z.strictObject({ key, showWhen, fields: z.array(key).min(1) })).min(1),
  roles: z.strictObject({
    name: key,
    account: key,
    branch: key,
    subject: z.array(key).min(1),
    description: z.array(key),
    problemType: key.optional(),
    impact: key.optional(),
    users: key.optional(),
    experience: key.optional(),
    consent: key.optional(),
    files: key.optional(),
  }),
  priority: z.strictObject({ otherwise: priority, byImpactAndUsers: z.record(key, z.record(key, priority)) }),
})

/** A form that is another one but for what it says here; of a field, only what is other about it. */
export const variantShape = z.strictObject({
  name: key,
  extends: key,
  fields: z.record(key, z.record(z.string(), z.unknown())).default({}),
  pages: z.unknown().optional(),
  roles: z.unknown().optional(),
  priority: z.unknown().optional(),
})

const split = z.strictObject({
  text: z.string(),
  joint: z.string().optional(),
  description: z.string().optional(),
})
const label = split.extend({
  hint: z.string().optional(),
  placeholder: z.string().optional(),
  words: z.string().optional(),
  whenTooLong: split.optional(),
})
export const labelsShape = z.record(z.string(), z.union([z.string(), label]))
