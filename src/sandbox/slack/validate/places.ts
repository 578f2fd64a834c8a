import type { ElementType } from './elements.ts'

export type Surface = 'modal' | 'message' | 'home'

const EVERYWHERE: Surface[] = ['modal', 'message', 'home']

/** Where a block may stand: slack-facts' column "where" (BK/blocks, each block's page). */
export const BLOCK_SURFACES: Record<string, Surface[]> = {
  section: EVERYWHERE,
  header: EVERYWHERE,
  divider: EVERYWHERE,
  context: EVERYWHERE,
  actions: EVERYWHERE,
  input: EVERYWHERE,
  image: EVERYWHERE,
  rich_text: EVERYWHERE,
  video: EVERYWHERE,
  markdown: ['message'],
  table: ['message'],
  data_table: ['message'],
  data_visualization: ['message'],
  context_actions: ['message'],
  card: ['message'],
  carousel: ['message'],
  container: ['message'],
  task_card: ['message'],
  plan: ['message'],
  alert: ['modal'],
}

/** Where an element may stand; absent = everywhere its block may. */
export const ELEMENT_SURFACES: Partial<Record<ElementType, Surface[]>> = {
  email_text_input: ['modal'],
  url_text_input: ['modal'],
  number_input: ['modal'],
  file_input: ['modal'],
  rich_text_input: ['modal', 'home'],
  datetimepicker: ['modal', 'message'],
  workflow_button: ['message'],
  feedback_buttons: ['message'],
  icon_button: ['message'],
}

const MENUS: ElementType[] = [
  'static_select',
  'multi_static_select',
  'external_select',
  'multi_external_select',
  'users_select',
  'multi_users_select',
  'conversations_select',
  'multi_conversations_select',
  'channels_select',
  'multi_channels_select',
]
const CHOICES: ElementType[] = ['checkboxes', 'radio_buttons', ...MENUS, 'datepicker', 'timepicker']

/** Which elements a block takes. */
export const IN_SECTION: ElementType[] = ['button', 'overflow', 'image', 'workflow_button', ...CHOICES]
export const IN_ACTIONS: ElementType[] = ['button', 'overflow', 'workflow_button', 'datetimepicker', ...CHOICES]
export const IN_CONTEXT: ElementType[] = ['image', 'plain_text', 'mrkdwn']
export const IN_CONTEXT_ACTIONS: ElementType[] = ['feedback_buttons', 'icon_button']
export const IN_INPUT: ElementType[] = [
  'plain_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
  'rich_text_input',
  'file_input',
  'datetimepicker',
  ...CHOICES,
]
