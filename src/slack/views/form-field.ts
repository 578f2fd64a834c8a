import type { InputBlock, PlainTextOption } from '@slack/types'
import { type Answer, type Field, filesIn, fullLabel, type Label, type Labels, labelOf } from '../../ticket/form.ts'
import { oneLine, plain } from '../text.ts'
import { plainText } from './blocks.ts'
import type { ViewContext } from './context.ts'
import type { AccountChoice } from './form-modal.ts'
import { limits } from './limits.ts'

/**
 * One question of the form as an input block whose ids are the field's key. Slack marks what is not required. `isAnew`: what
 * is typed there now is not to stay, which Slack takes from another id of the element (docs.slack.dev/surfaces/modals).
 */
export function fieldBlock(
  field: Field,
  given: {
    answer: Answer | undefined
    labels: Labels
    accounts: AccountChoice[]
    isAnew?: boolean | undefined
    ctx: ViewContext
  },
): InputBlock {
  const own = labelOf(given.labels, field.key)
  // The label of a consent is the text beside its box; the line above it is ours.
  const label = field.kind === 'consent' ? given.ctx.words('slack.form.consent') : headOf(own)
  const hint = [own.joint === undefined && field.kind !== 'consent' ? own.description : undefined, own.hint]
  const hints = hint.filter(Boolean).join('\n')
  return {
    type: 'input',
    block_id: field.key,
    // Files the draft holds need not be chosen again, and Slack would insist on it.
    optional: !field.required || (field.kind === 'files' && filesIn(given.answer).length > 0),
    label: plainText(label, limits.inputLabel),
    ...(hints ? { hint: plainText(hints, limits.inputHint) } : {}),
    element: { ...elementOf(field, own, given), ...(given.isAnew ? { action_id: `${field.key}.anew` } : {}) },
  }
}

function elementOf(
  field: Field,
  label: Label,
  {
    answer,
    labels,
    accounts,
    ctx,
  }: { answer: Answer | undefined; labels: Labels; accounts: AccountChoice[]; ctx: ViewContext },
): InputBlock['element'] {
  const placeholder = label.placeholder ? { placeholder: plainText(label.placeholder, limits.placeholder) } : {}
  switch (field.kind) {
    case 'name':
    case 'text':
    case 'longtext': {
      const max = Math.min(field.maxLength, limits.inputText)
      return {
        type: 'plain_text_input',
        action_id: field.key,
        multiline: field.kind === 'longtext',
        max_length: max,
        ...placeholder,
        ...(typeof answer === 'string' && answer ? { initial_value: plain(answer, max) } : {}),
      }
    }
    case 'email':
    case 'url':
      return {
        type: field.kind === 'email' ? 'email_text_input' : 'url_text_input',
        action_id: field.key,
        ...placeholder,
        ...(typeof answer === 'string' && answer ? { initial_value: plain(answer, limits.inputText) } : {}),
      }
    case 'number':
      return {
        type: 'number_input',
        action_id: field.key,
        is_decimal_allowed: field.decimals,
        ...(field.min === undefined ? {} : { min_value: digits(field.min) }),
        ...(field.max === undefined ? {} : { max_value: digits(field.max) }),
        ...placeholder,
        ...(typeof answer === 'number' ? { initial_value: digits(answer) } : {}),
      }
    case 'date':
      return {
        type: 'datepicker',
        action_id: field.key,
        ...placeholder,
        ...(typeof answer === 'string' && answer ? { initial_date: answer } : {}),
      }
    case 'checkboxes': {
      const options = field.options.map(({ value }) => optionOf(value, labelOf(labels, `${field.key}.${value}`)))
      const ticked = options.filter(({ value }) => Array.isArray(answer) && answer.some((one) => one === value))
      return {
        type: 'checkboxes',
        action_id: field.key,
        options,
        ...(ticked.length > 0 ? { initial_options: ticked } : {}),
      }
    }
    case 'select':
    case 'radio': {
      const options = field.options.map(({ value }) => optionOf(value, labelOf(labels, `${field.key}.${value}`)))
      if (field.kind === 'radio' && options.length <= limits.radioOptions) {
        return { type: 'radio_buttons', action_id: field.key, options, ...initial(options, answer) }
      }
      return { type: 'static_select', action_id: field.key, options, ...placeholder, ...initial(options, answer) }
    }
    case 'account': {
      const options = accountOptions(accounts, ctx)
      const choice = options.length > limits.options ? { option_groups: groupsOf(options) } : { options }
      return { type: 'static_select', action_id: field.key, ...choice, ...placeholder, ...initial(options, answer) }
    }
    case 'consent': {
      const option = optionOf('yes', label)
      const isTicked = typeof answer === 'boolean' ? answer : field.ticked
      return {
        type: 'checkboxes',
        action_id: field.key,
        options: [option],
        ...(isTicked ? { initial_options: [option] } : {}),
      }
    }
    case 'files':
      return { type: 'file_input', action_id: field.key, max_files: Math.min(field.maxFiles, limits.files) }
    default:
      return field satisfies never
  }
}

/** A number in digits, as Slack takes one: never as 1e-7. */
function digits(number: number): string {
  return number.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 10 })
}

function headOf(label: Label): string {
  return label.joint === undefined ? label.text : fullLabel(label)
}

function optionOf(value: string, label: Label): PlainTextOption {
  return {
    value,
    text: plainText(label.text, limits.optionText),
    ...(label.description ? { description: plainText(label.description, limits.optionDescription) } : {}),
  }
}

/** The stores by name. A key too long to come back whole is left out rather than cut into another's. */
function accountOptions(accounts: AccountChoice[], ctx: ViewContext): PlainTextOption[] {
  const options = accounts
    .filter(({ key }) => key.length <= limits.optionValue)
    .slice(0, MOST_ACCOUNTS)
    .map(({ key, name }) => optionOf(key, { text: oneLine(name) || key }))
  // A menu without options is refused by Slack together with the whole page.
  return options.length > 0 ? options : [optionOf(NO_ACCOUNT, { text: ctx.words('slack.form.no-account') })]
}

// Slack refuses a view above 250 KB; so many of the longest names and keys still fit.
const MOST_ACCOUNTS = 300

/** The value of the only option when somebody has no store to choose. */
export const NO_ACCOUNT = 'none'

function groupsOf(options: PlainTextOption[]) {
  const groups = []
  for (let from = 0; from < options.length; from += limits.options) {
    const group = options.slice(from, from + limits.options)
    const label = `${plain(group[0]!.text.text, 34)} – ${plain(group.at(-1)!.text.text, 34)}`
    groups.push({ label: plainText(label, limits.optionText), options: group })
  }
  return groups
}

/** The very option that was answered: Slack refuses a page whose initial option is not one of its options. */
function initial(options: PlainTextOption[], answer: Answer | undefined): { initial_option?: PlainTextOption } {
  const chosen = options.find(({ value }) => value === answer)
  return chosen ? { initial_option: chosen } : {}
}
