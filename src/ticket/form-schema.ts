import {
  type ChoiceField,
  type Field,
  type Form,
  fullLabel,
  type Label,
  type Labels,
  labelOf,
  type ShowWhen,
} from './form.ts'
import { MOST, webAddress } from './form-read.ts'

type Schema = Record<string, unknown>

/**
 * The answers of a form as a JSON Schema (draft 2020-12), in the words of `labels`: what a ticket keeps is valid, what
 * `checkAnswers` would refuse or change is not. An answer to a question that is not asked on that way is refused.
 * `accounts`: keys of the stores to choose from, any where left out. Lengths there are code points, here UTF-16 units.
 */
export function answersSchema(form: Form, labels: Labels, accounts?: string[]): Schema {
  const places = placesOf(form)
  const always = places.filter(({ when }) => when === null).map(({ field }) => field)
  const groups = new Map<string, { when: Schema; fields: Field[] }>()
  for (const { field, when } of places) {
    if (when === null) continue
    const group = groups.get(JSON.stringify(when)) ?? { when, fields: [] }
    group.fields.push(field)
    groups.set(JSON.stringify(when), group)
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:deskhand:form:${form.name}:${form.version}`,
    title: form.name,
    type: 'object',
    properties: Object.fromEntries(places.map(({ field }) => [field.key, fieldSchema(field, labels, accounts)])),
    required: always.filter(isAlwaysAnswered).map(({ key }) => key),
    additionalProperties: false,
    allOf: [...groups.values()].map(({ when, fields }) => ({
      if: when,
      // biome-ignore lint/suspicious/noThenProperty: it is JSON Schema's word, and nobody awaits a schema
      then: { required: fields.filter(isAlwaysAnswered).map(({ key }) => key) },
      else: { properties: Object.fromEntries(fields.map(({ key }) => [key, false])) },
    })),
  }
}

/** Consent is answered either way, ticked or not. */
function isAlwaysAnswered(field: Field): boolean {
  return field.required || field.kind === 'consent'
}

/** Each field once, with what must be answered for it to be asked on any of its pages; null when it always is. */
function placesOf(form: Form): { field: Field; when: Schema | null }[] {
  const all = form.pages.flatMap((page) =>
    page.fields.map((field) => ({ field, showWhen: [page.showWhen, field.showWhen] })),
  )
  const keys = [...new Set(all.map(({ field }) => field.key))]
  const fields = new Map(all.map(({ field }) => [field.key, field]))
  return keys.map((key) => {
    const whens = all.filter(({ field }) => field.key === key).map(({ showWhen }) => condition(showWhen, fields))
    const field = fields.get(key)!
    if (whens.some((when) => when === null)) return { field, when: null }
    return { field, when: whens.length === 1 ? whens[0]! : { anyOf: whens } }
  })
}

/** What a question that is not asked has no answer to, so that it is enough to look at answers. */
function condition(showWhen: (ShowWhen | undefined)[], fields: Map<string, Field>): Schema | null {
  const all = showWhen.flatMap((one) => Object.entries(one ?? {}))
  if (all.length === 0) return null
  const each = all.map(([key, values]) => {
    const isAmong = { enum: values }
    return {
      properties: { [key]: fields.get(key)?.kind === 'checkboxes' ? { contains: isAmong } : isAmong },
      required: [key],
    }
  })
  return each.length === 1 ? each[0]! : { allOf: each }
}

// As `readAnswer` leaves them: one line with single blanks, or lines without a Windows line end, blanks at neither end;
// no NUL and no half of a character.
const LINE = '^[^\\s\\0\\p{Cs}]+(?: [^\\s\\0\\p{Cs}]+)*$'
const LINES = '^(?=\\S)(?:(?!\\r\\n)[^\\0\\p{Cs}])*(?<=\\S)$'
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?'
// As `isMailAddress` reads one.
const ADDRESS = `^(?=.{1,254}$)(?=[^@]*@.{1,253}$)(?!\\.)(?!.*\\.\\.)[^\\s@<>()[\\]\\\\,;:"\\p{C}]{1,64}(?<!\\.)@${LABEL}(?:\\.${LABEL})+$`

function fieldSchema(field: Field, labels: Labels, accounts?: string[]): Schema {
  return { ...titled(labelOf(labels, field.key)), ...kindSchema(field, labels, accounts) }
}

function kindSchema(field: Field, labels: Labels, accounts?: string[]): Schema {
  switch (field.kind) {
    case 'name':
    case 'text':
      return { type: 'string', maxLength: field.maxLength, pattern: LINE }
    case 'longtext':
      return { type: 'string', maxLength: field.maxLength, pattern: LINES }
    case 'email':
      return { type: 'string', maxLength: field.maxLength, pattern: ADDRESS }
    case 'url':
      return {
        type: 'string',
        maxLength: field.maxLength,
        allOf: [{ pattern: LINE }, { pattern: webAddress.source }],
      }
    case 'number':
      return { type: field.decimals ? 'number' : 'integer', minimum: field.min ?? -MOST, maximum: field.max ?? MOST }
    case 'date':
      return { type: 'string', format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' }
    case 'select':
    case 'radio':
      return { type: 'string', oneOf: optionsOf(field, labels) }
    case 'checkboxes':
      return {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { type: 'string', oneOf: optionsOf(field, labels) },
      }
    case 'account':
      return accounts ? { type: 'string', enum: accounts } : { type: 'string', minLength: 1 }
    case 'consent':
      return field.required ? { const: true } : { type: 'boolean', default: field.ticked }
    case 'files':
      return { type: 'array', minItems: 1, maxItems: field.maxFiles, items: fileSchema }
    default:
      return field satisfies never
  }
}

const fileSchema: Schema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string', pattern: `^$|${LINES}` },
    contentType: { type: 'string' },
    size: { type: 'number' },
    url: { type: 'string' },
  },
  required: ['id', 'name', 'contentType', 'size', 'url'],
  additionalProperties: false,
}

function optionsOf(field: ChoiceField, labels: Labels): Schema[] {
  return field.options.map(({ value }) => ({ const: value, ...titled(labelOf(labels, `${field.key}.${value}`)) }))
}

function titled(label: Label): Schema {
  const beside = label.joint === undefined ? label.description : undefined
  const description = [beside, label.hint].filter(Boolean).join('\n')
  return { title: fullLabel(label), ...(description ? { description } : {}) }
}
