import { z } from 'zod'
import { actionId, anyText, confirm, optionGroup, overflowOption, plainOption, plainText, richOption } from './texts.ts'

/** Block elements with their limits (BK/block-elements). Where each may stand is in places.ts. */

const placeholder = plainText(150).optional()
const focus = z.boolean().optional()
const common = { action_id: actionId, confirm: confirm.optional(), focus_on_load: focus }
const dispatch = z
  .strictObject({
    trigger_actions_on: z
      .array(z.enum(['on_enter_pressed', 'on_character_entered']))
      .min(1)
      .max(2),
  })
  .optional()
const element = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape })

const OPTIONS = z.array(plainOption).min(1).max(100)
const GROUPS = z.array(optionGroup).min(1).max(100)
const RICH_OPTIONS = z.array(richOption).min(1).max(10)
const menu = { placeholder, ...common }
const offers = { options: OPTIONS.optional(), option_groups: GROUPS.optional() }
const many = { max_selected_items: z.int().min(1).optional() }
const filter = z
  .strictObject({
    include: z
      .array(z.enum(['im', 'mpim', 'private', 'public']))
      .min(1)
      .optional(),
    exclude_external_shared_channels: z.boolean().optional(),
    exclude_bot_users: z.boolean().optional(),
  })
  .refine((given) => Object.keys(given).length > 0, 'must provide at least 1 fields')
  .optional()
const DATE = z.string().regex(/^\d{4}-\d\d-\d\d$/)
const TIME = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const EPOCH = z.int().min(1_000_000_000).max(9_999_999_999)
const DIGITS = z.string().regex(/^-?\d+(\.\d+)?$/)
const typed = { placeholder, action_id: actionId, dispatch_action_config: dispatch, focus_on_load: focus }

export const slackFile = z
  .strictObject({ id: z.string().optional(), url: z.string().max(3000).optional() })
  .refine((file) => (file.id === undefined) !== (file.url === undefined), 'must define exactly one of `id` or `url`')

export const ELEMENTS = {
  button: element('button', {
    text: plainText(75),
    value: z.string().max(2000).optional(),
    url: z.string().max(3000).optional(),
    style: z.enum(['primary', 'danger']).optional(),
    accessibility_label: z.string().max(75).optional(),
    action_id: actionId,
    confirm: confirm.optional(),
  }),
  checkboxes: element('checkboxes', { options: RICH_OPTIONS, initial_options: RICH_OPTIONS.optional(), ...common }),
  radio_buttons: element('radio_buttons', { options: RICH_OPTIONS, initial_option: richOption.optional(), ...common }),
  static_select: element('static_select', { ...menu, ...offers, initial_option: plainOption.optional() }),
  multi_static_select: element('multi_static_select', {
    ...menu,
    ...offers,
    ...many,
    initial_options: OPTIONS.optional(),
  }),
  external_select: element('external_select', {
    ...menu,
    min_query_length: z.int().min(0).optional(),
    initial_option: plainOption.optional(),
  }),
  multi_external_select: element('multi_external_select', {
    ...menu,
    ...many,
    min_query_length: z.int().min(0).optional(),
    initial_options: OPTIONS.optional(),
  }),
  users_select: element('users_select', { ...menu, initial_user: z.string().optional() }),
  multi_users_select: element('multi_users_select', {
    ...menu,
    ...many,
    initial_users: z.array(z.string()).optional(),
  }),
  conversations_select: element('conversations_select', {
    ...menu,
    filter,
    initial_conversation: z.string().optional(),
    default_to_current_conversation: z.boolean().optional(),
    response_url_enabled: z.boolean().optional(),
  }),
  multi_conversations_select: element('multi_conversations_select', {
    ...menu,
    ...many,
    filter,
    initial_conversations: z.array(z.string()).optional(),
    default_to_current_conversation: z.boolean().optional(),
  }),
  channels_select: element('channels_select', {
    ...menu,
    initial_channel: z.string().optional(),
    response_url_enabled: z.boolean().optional(),
  }),
  multi_channels_select: element('multi_channels_select', {
    ...menu,
    ...many,
    initial_channels: z.array(z.string()).optional(),
  }),
  overflow: element('overflow', {
    options: z.array(overflowOption).min(1).max(5),
    action_id: actionId,
    confirm: confirm.optional(),
  }),
  datepicker: element('datepicker', { ...menu, initial_date: DATE.optional() }),
  timepicker: element('timepicker', { ...menu, initial_time: TIME.optional(), timezone: z.string().optional() }),
  datetimepicker: element('datetimepicker', { ...common, initial_date_time: EPOCH.optional() }),
  plain_text_input: element('plain_text_input', {
    ...typed,
    initial_value: z.string().max(3000).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
  }),
  email_text_input: element('email_text_input', { ...typed, initial_value: z.string().optional() }),
  url_text_input: element('url_text_input', { ...typed, initial_value: z.string().optional() }),
  number_input: element('number_input', {
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: DIGITS.optional(),
    min_value: DIGITS.optional(),
    max_value: DIGITS.optional(),
  }),
  rich_text_input: element('rich_text_input', {
    ...typed,
    action_id: z.string().min(1).max(255),
    initial_value: z.looseObject({ type: z.literal('rich_text') }).optional(),
    min_lines: z.int().min(1).max(100).optional(),
    max_lines: z.int().min(1).max(100).optional(),
  }),
  file_input: element('file_input', {
    action_id: actionId,
    filetypes: z.array(z.string().regex(/^[^.]+$/)).optional(),
    max_files: z.int().min(1).max(10).optional(),
  }),
  feedback_buttons: element('feedback_buttons', {
    action_id: actionId,
    positive_button: feedback(),
    negative_button: feedback(),
  }),
  icon_button: element('icon_button', {
    icon: z.enum(['trash']),
    text: plainText(75),
    value: z.string().max(2000).optional(),
    action_id: actionId,
    confirm: confirm.optional(),
    accessibility_label: z.string().max(75).optional(),
    visible_to_user_ids: z.array(z.string()).max(10).optional(),
  }),
  workflow_button: element('workflow_button', {
    text: plainText(75),
    workflow: z.looseObject({}),
    action_id: actionId,
    style: z.enum(['primary', 'danger']).optional(),
    accessibility_label: z.string().max(75).optional(),
  }),
  image: element('image', {
    alt_text: z.string().min(1).max(2000),
    image_url: z.string().min(1).max(3000).optional(),
    slack_file: slackFile.optional(),
  }),
  plain_text: plainText(3000),
  mrkdwn: anyText(3000).options[1],
}

function feedback() {
  return z.strictObject({
    text: plainText(75),
    value: z.string().min(1).max(2000),
    accessibility_label: z.string().max(75).optional(),
  })
}

export type ElementType = keyof typeof ELEMENTS
