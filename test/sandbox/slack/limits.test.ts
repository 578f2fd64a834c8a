import { describe, expect, test } from 'vitest'
import { blockProblems } from '../../../src/sandbox/slack/validate/blocks.ts'
import type { Surface } from '../../../src/sandbox/slack/validate/places.ts'
import { viewProblems } from '../../../src/sandbox/slack/validate/views.ts'

type Json = Record<string, unknown>

const x = (length: number) => 'x'.repeat(length)
const many = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index))
const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const option = (index: number | string, more: Json = {}) => ({ text: plain(`o${index}`), value: `v${index}`, ...more })
const button = (more: Json = {}) => ({ type: 'button', text: plain('b'), ...more })
const select = (more: Json) => ({ type: 'static_select', options: [option(1)], ...more })
const actions = (...elements: Json[]) => [{ type: 'actions', elements }]
const input = (element: Json, more: Json = {}) => [{ type: 'input', label: plain('l'), element, ...more }]
const section = (more: Json) => [{ type: 'section', ...more }]
const confirm = { title: plain('t'), text: plain('x'), confirm: plain('y'), deny: plain('n') }
const image = { type: 'image', image_url: 'https://a.example/i.png', alt_text: 'a' }
const rawRow = (cells: number) => many(cells, () => ({ type: 'raw_text', text: 'c' }))
const point = { type: 'plain_text_input' }

/** One row a limit: what is counted, its figure, how to make it so long, and what Slack says to one more. */
const figures: [what: string, figure: number, make: (size: number) => Json[], says: string, surface?: Surface][] = [
  [
    'section text',
    3000,
    (n) => section({ text: mrkdwn(x(n)) }),
    'must be less than 3001 characters [/blocks/0/text/text]',
  ],
  [
    'section fields',
    10,
    (n) => section({ fields: many(n, () => mrkdwn('f')) }),
    'no more than 10 items allowed [/blocks/0/fields]',
  ],
  [
    'a section field',
    2000,
    (n) => section({ fields: [plain(x(n))] }),
    'must be less than 2001 characters [/blocks/0/fields/0/text]',
  ],
  [
    'block_id',
    255,
    (n) => [{ type: 'divider', block_id: x(n) }],
    'must be less than 256 characters [/blocks/0/block_id]',
  ],
  [
    'action_id',
    255,
    (n) => actions(button({ action_id: x(n) })),
    'must be less than 256 characters [/blocks/0/elements/0/action_id]',
  ],
  [
    'header',
    150,
    (n) => [{ type: 'header', text: plain(x(n)) }],
    'must be less than 151 characters [/blocks/0/text/text]',
  ],
  [
    'context elements',
    10,
    (n) => [{ type: 'context', elements: many(n, () => plain('c')) }],
    'no more than 10 items allowed [/blocks/0/elements]',
  ],
  [
    'actions elements',
    25,
    (n) => actions(...many(n, () => button())),
    'no more than 25 items allowed [/blocks/0/elements]',
  ],
  [
    'an input label',
    2000,
    (n) => input(point, { label: plain(x(n)) }),
    'must be less than 2001 characters [/blocks/0/label/text]',
  ],
  [
    'an input hint',
    2000,
    (n) => input(point, { hint: plain(x(n)) }),
    'must be less than 2001 characters [/blocks/0/hint/text]',
  ],
  [
    'an image title',
    2000,
    (n) => [{ ...image, title: plain(x(n)) }],
    'must be less than 2001 characters [/blocks/0/title/text]',
  ],
  [
    'an image alt_text',
    2000,
    (n) => [{ ...image, alt_text: x(n) }],
    'must be less than 2001 characters [/blocks/0/alt_text]',
  ],
  [
    'an image_url',
    3000,
    (n) => [{ ...image, image_url: x(n) }],
    'must be less than 3001 characters [/blocks/0/image_url]',
  ],
  [
    'button text',
    75,
    (n) => actions(button({ text: plain(x(n)) })),
    'must be less than 76 characters [/blocks/0/elements/0/text/text]',
  ],
  [
    'button value',
    2000,
    (n) => actions(button({ value: x(n) })),
    'must be less than 2001 characters [/blocks/0/elements/0/value]',
  ],
  [
    'button url',
    3000,
    (n) => actions(button({ url: x(n) })),
    'must be less than 3001 characters [/blocks/0/elements/0/url]',
  ],
  [
    'an accessibility_label',
    75,
    (n) => actions(button({ accessibility_label: x(n) })),
    'must be less than 76 characters [/blocks/0/elements/0/accessibility_label]',
  ],
  [
    'option text',
    75,
    (n) => input(select({ options: [option(1, { text: plain(x(n)) })] })),
    'must be less than 76 characters [/blocks/0/element/options/0/text/text]',
  ],
  [
    'option value',
    150,
    (n) => input(select({ options: [option(1, { value: x(n) })] })),
    'must be less than 151 characters [/blocks/0/element/options/0/value]',
  ],
  [
    'option description',
    75,
    (n) => input(select({ options: [option(1, { description: plain(x(n)) })] })),
    'must be less than 76 characters [/blocks/0/element/options/0/description/text]',
  ],
  [
    'select options',
    100,
    (n) => input(select({ options: many(n, (i) => option(i)) })),
    'no more than 100 items allowed [/blocks/0/element/options]',
  ],
  [
    'option groups',
    100,
    (n) =>
      input({ type: 'static_select', option_groups: many(n, (i) => ({ label: plain('g'), options: [option(i)] })) }),
    'no more than 100 items allowed [/blocks/0/element/option_groups]',
  ],
  [
    'options of a group',
    100,
    (n) => input({ type: 'static_select', option_groups: [{ label: plain('g'), options: many(n, (i) => option(i)) }] }),
    'no more than 100 items allowed [/blocks/0/element/option_groups/0/options]',
  ],
  [
    'a group label',
    75,
    (n) => input({ type: 'static_select', option_groups: [{ label: plain(x(n)), options: [option(1)] }] }),
    'must be less than 76 characters [/blocks/0/element/option_groups/0/label/text]',
  ],
  [
    'a placeholder',
    150,
    (n) => input(select({ placeholder: plain(x(n)) })),
    'must be less than 151 characters [/blocks/0/element/placeholder/text]',
  ],
  [
    'radio options',
    10,
    (n) => input({ type: 'radio_buttons', options: many(n, (i) => option(i)) }),
    'no more than 10 items allowed [/blocks/0/element/options]',
  ],
  [
    'checkboxes options',
    10,
    (n) => input({ type: 'checkboxes', options: many(n, (i) => option(i)) }),
    'no more than 10 items allowed [/blocks/0/element/options]',
  ],
  [
    'overflow options',
    5,
    (n) => actions({ type: 'overflow', options: many(n, (i) => option(i)) }),
    'no more than 5 items allowed [/blocks/0/elements/0/options]',
  ],
  [
    'a confirm title',
    100,
    (n) => actions(button({ confirm: { ...confirm, title: plain(x(n)) } })),
    'must be less than 101 characters [/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'a confirm text',
    300,
    (n) => actions(button({ confirm: { ...confirm, text: plain(x(n)) } })),
    'must be less than 301 characters [/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'a confirm button',
    30,
    (n) => actions(button({ confirm: { ...confirm, deny: plain(x(n)) } })),
    'must be less than 31 characters [/blocks/0/elements/0/confirm/deny/text]',
  ],
  [
    'max_length',
    3000,
    (n) => input({ ...point, max_length: n }),
    'must be less than 3001 [/blocks/0/element/max_length]',
  ],
  [
    'min_length',
    3000,
    (n) => input({ ...point, min_length: n }),
    'must be less than 3001 [/blocks/0/element/min_length]',
  ],
  [
    'max_files',
    10,
    (n) => input({ type: 'file_input', max_files: n }),
    'must be less than 11 [/blocks/0/element/max_files]',
  ],
  [
    'rich_text indent',
    8,
    (n) => [{ type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', indent: n, elements: [] }] }],
    'must be less than 9 [/blocks/0/elements/0/indent]',
  ],
  ['modal blocks', 100, (n) => many(n, () => ({ type: 'divider' })), 'no more than 100 items allowed [/blocks]'],
  ['home blocks', 100, (n) => many(n, () => ({ type: 'divider' })), 'no more than 100 items allowed [/blocks]', 'home'],
  [
    'message blocks',
    50,
    (n) => many(n, () => ({ type: 'divider' })),
    'no more than 50 items allowed [/blocks]',
    'message',
  ],
  [
    'an alert',
    200,
    (n) => [{ type: 'alert', text: plain(x(n)) }],
    'must be less than 201 characters [/blocks/0/text/text]',
  ],
  [
    'markdown',
    12_000,
    (n) => [{ type: 'markdown', text: x(n) }],
    'must be less than 12001 characters [/blocks/0/text]',
    'message',
  ],
  [
    'table rows',
    100,
    (n) => [{ type: 'table', rows: many(n, () => rawRow(1)) }],
    'no more than 100 items allowed [/blocks/0/rows]',
    'message',
  ],
  [
    'table cells',
    20,
    (n) => [{ type: 'table', rows: [rawRow(n)] }],
    'no more than 20 items allowed [/blocks/0/rows/0]',
    'message',
  ],
  [
    'data_table rows',
    201,
    (n) => [{ type: 'data_table', caption: 'c', rows: many(n, () => rawRow(1)) }],
    'no more than 201 items allowed [/blocks/0/rows]',
    'message',
  ],
  [
    'a card title',
    150,
    (n) => [{ type: 'card', title: mrkdwn(x(n)) }],
    'must be less than 151 characters [/blocks/0/title/text]',
    'message',
  ],
  [
    'a card body',
    200,
    (n) => [{ type: 'card', body: mrkdwn(x(n)) }],
    'must be less than 201 characters [/blocks/0/body/text]',
    'message',
  ],
  [
    'card buttons',
    3,
    (n) => [{ type: 'card', actions: many(n, () => button()) }],
    'no more than 3 items allowed [/blocks/0/actions]',
    'message',
  ],
  [
    'carousel cards',
    10,
    (n) => [{ type: 'carousel', elements: many(n, () => ({ type: 'card', title: plain('t') })) }],
    'no more than 10 items allowed [/blocks/0/elements]',
    'message',
  ],
  [
    'container children',
    10,
    (n) => [{ type: 'container', title: plain('t'), child_blocks: many(n, () => ({ type: 'divider' })) }],
    'no more than 10 items allowed [/blocks/0/child_blocks]',
    'message',
  ],
  [
    'a feedback value',
    2000,
    (n) => [
      {
        type: 'context_actions',
        elements: [
          {
            type: 'feedback_buttons',
            positive_button: { text: plain('y'), value: x(n) },
            negative_button: { text: plain('n'), value: 'n' },
          },
        ],
      },
    ],
    'must be less than 2001 characters [/blocks/0/elements/0/positive_button/value]',
    'message',
  ],
  [
    'context_actions elements',
    5,
    (n) => [
      { type: 'context_actions', elements: many(n, () => ({ type: 'icon_button', icon: 'trash', text: plain('t') })) },
    ],
    'no more than 5 items allowed [/blocks/0/elements]',
    'message',
  ],
]

const said = (blocks: unknown, surface: Surface) =>
  blockProblems(blocks, surface, '/blocks').map(({ message, pointer }) => `${message} [${pointer}]`)

describe('at the limit it is taken, one over it is refused', () => {
  test.each(figures)('%s: %i', (_what, figure, make, says, surface = 'modal') => {
    expect(said(make(figure), surface)).toEqual([])
    expect(said(make(figure + 1), surface)).toContain(says)
  })
})

const twice = [
  { type: 'divider', block_id: 'a' },
  { type: 'divider', block_id: 'a' },
]
const refusals: [what: string, blocks: unknown, says: string, surface?: Surface][] = [
  ['empty text', section({ text: plain('') }), 'must be more than 0 characters [/blocks/0/text/text]'],
  ['a section without text and fields', section({}), 'must define either `text` or `fields` [/blocks/0]'],
  ['an unknown property', [{ type: 'divider', colour: 'red' }], 'invalid additional property: colour [/blocks/0]'],
  ['an unknown block', [{ type: 'banner' }], 'unsupported type: banner [/blocks/0/type]'],
  ['an unknown element', actions({ type: 'slider' }), 'unsupported type: slider [/blocks/0/elements/0/type]'],
  ['a missing property', actions({ type: 'button' }), 'missing required field: text [/blocks/0/elements/0]'],
  ['a string for a text', section({ text: 'hello' }), 'must provide an object [/blocks/0/text]'],
  ['mrkdwn in a header', [{ type: 'header', text: mrkdwn('h') }], 'unsupported type: mrkdwn [/blocks/0/text/type]'],
  [
    'mrkdwn in a select option',
    input(select({ options: [option(1, { text: mrkdwn('m') })] })),
    'unsupported type: mrkdwn [/blocks/0/element/options/0/text/type]',
  ],
  [
    'emoji with mrkdwn',
    section({ text: { ...mrkdwn('m'), emoji: true } }),
    'invalid additional property: emoji [/blocks/0/text]',
  ],
  [
    'verbatim with plain_text',
    section({ text: { ...plain('m'), verbatim: true } }),
    'invalid additional property: verbatim [/blocks/0/text]',
  ],
  [
    'a url in a select option',
    input(select({ options: [option(1, { url: 'https://a.example' })] })),
    'invalid additional property: url [/blocks/0/element/options/0]',
  ],
  ['the same block_id twice', twice, '`block_id` "a" already exists [/blocks/1/block_id]'],
  [
    'the same action_id twice in a block',
    actions(button({ action_id: 'a' }), button({ action_id: 'a' })),
    '`action_id` "a" already exists [/blocks/0/elements/1/action_id]',
  ],
  [
    'the same option value twice',
    input(select({ options: [option(1), option(1)] })),
    '`value` "v1" already exists [/blocks/0/element/options/1/value]',
  ],
  [
    'an initial option that is none',
    input(select({ initial_option: option(2) })),
    'must match one of the provided options [/blocks/0/element/initial_option]',
  ],
  [
    'an initial option with another description',
    input(select({ initial_option: option(1, { description: plain('d') }) })),
    'must match one of the provided options [/blocks/0/element/initial_option]',
  ],
  ['no options', input(select({ options: [] })), 'must provide at least 1 items [/blocks/0/element/options]'],
  [
    'options and groups',
    input(select({ option_groups: [{ label: plain('g'), options: [option(1)] }] })),
    'must define exactly one of `options` or `option_groups` [/blocks/0/element]',
  ],
  [
    'max_selected_items of none',
    input({ type: 'multi_users_select', max_selected_items: 0 }),
    'must be more than 0 [/blocks/0/element/max_selected_items]',
  ],
  [
    'an empty filter',
    input({ type: 'conversations_select', filter: {} }),
    'must provide at least 1 fields [/blocks/0/element/filter]',
  ],
  [
    'response_url_enabled outside an input',
    actions({ type: 'channels_select', response_url_enabled: true }),
    'invalid additional property: response_url_enabled [/blocks/0/elements/0]',
  ],
  ['a text input among buttons', actions(point), 'unsupported type: plain_text_input [/blocks/0/elements/0/type]'],
  ['a button as an input', input(button()), 'unsupported type: button [/blocks/0/element/type]'],
  [
    'a datetimepicker as an accessory',
    section({ text: plain('t'), accessory: { type: 'datetimepicker' } }),
    'unsupported type: datetimepicker [/blocks/0/accessory/type]',
  ],
  [
    'an image with two sources',
    [{ ...image, slack_file: { id: 'F1' } }],
    'must define exactly one of `image_url` or `slack_file` [/blocks/0]',
  ],
  [
    'an image with none',
    [{ type: 'image', alt_text: 'a' }],
    'must define exactly one of `image_url` or `slack_file` [/blocks/0]',
  ],
  [
    'an image in a section with none',
    section({ text: plain('t'), accessory: { type: 'image', alt_text: 'a' } }),
    'must define exactly one of `image_url` or `slack_file` [/blocks/0/accessory]',
  ],
  [
    'dispatch_action with file_input',
    input({ type: 'file_input' }, { dispatch_action: true }),
    '`dispatch_action` is not supported with file_input [/blocks/0/dispatch_action]',
  ],
  [
    'a file type with its dot',
    input({ type: 'file_input', filetypes: ['.pdf'] }),
    'failed to match schema [/blocks/0/element/filetypes/0]',
  ],
  [
    'a number input that does not say if decimals',
    input({ type: 'number_input' }),
    'missing required field: is_decimal_allowed [/blocks/0/element]',
  ],
  [
    'a date that is none',
    actions({ type: 'datepicker', initial_date: '1.3.2026' }),
    'failed to match schema [/blocks/0/elements/0/initial_date]',
  ],
  [
    'milliseconds in a datetimepicker',
    actions({ type: 'datetimepicker', initial_date_time: 1_772_000_000_000 }),
    'must be less than 10000000000 [/blocks/0/elements/0/initial_date_time]',
  ],
  [
    'two elements with the focus',
    [...input({ ...point, focus_on_load: true }), ...input({ ...point, focus_on_load: true })],
    'only one element can have `focus_on_load` set to true [/blocks/1/element/focus_on_load]',
  ],
  [
    'a confirmation without a no',
    actions(button({ confirm: { ...confirm, deny: undefined } })),
    'missing required field: deny [/blocks/0/elements/0/confirm]',
  ],
  [
    'two tables',
    [1, 2].map(() => ({ type: 'table', rows: [rawRow(1)] })),
    'only one table block is allowed [/blocks/1]',
    'message',
  ],
  [
    '12 001 characters over two markdown blocks',
    [6000, 6001].map((n) => ({ type: 'markdown', text: x(n) })),
    'must be less than 12001 characters in all markdown blocks [/blocks]',
    'message',
  ],
  [
    'a data_table with rows of unequal width',
    [{ type: 'data_table', caption: 'c', rows: [rawRow(1), rawRow(2)] }],
    'all rows must have the same number of cells [/blocks/0]',
    'message',
  ],
  [
    'an empty card',
    [{ type: 'card' }],
    'must define at least one of `hero_image`, `title`, `actions` or `body` [/blocks/0]',
    'message',
  ],
  ['something that is no list', { type: 'divider' }, 'must provide an array [/blocks]'],
]

describe('refused as Slack refuses it', () => {
  test.each(refusals)('%s', (_what, blocks, says, surface = 'modal') => {
    expect(said(blocks, surface)).toContain(says)
  })
})

const places: [what: string, block: Json, surfaces: Surface[]][] = [
  ['alert', { type: 'alert', text: plain('a') }, ['modal']],
  ['markdown', { type: 'markdown', text: 'a' }, ['message']],
  ['table', { type: 'table', rows: [rawRow(1)] }, ['message']],
  [
    'context_actions',
    { type: 'context_actions', elements: [{ type: 'icon_button', icon: 'trash', text: plain('t') }] },
    ['message'],
  ],
  ['card', { type: 'card', title: plain('t') }, ['message']],
  ['task_card', { type: 'task_card', task_id: '1', title: 't', status: 'pending' }, ['message']],
  ['plan', { type: 'plan', title: 'p' }, ['message']],
  ['file_input', input({ type: 'file_input' })[0] as Json, ['modal']],
  ['email_text_input', input({ type: 'email_text_input' })[0] as Json, ['modal']],
  ['url_text_input', input({ type: 'url_text_input' })[0] as Json, ['modal']],
  ['number_input', input({ type: 'number_input', is_decimal_allowed: false })[0] as Json, ['modal']],
  ['rich_text_input', input({ type: 'rich_text_input', action_id: 'a' })[0] as Json, ['modal', 'home']],
  ['datetimepicker', actions({ type: 'datetimepicker' })[0] as Json, ['modal', 'message']],
  ['plain_text_input', input(point)[0] as Json, ['modal', 'message', 'home']],
  ['header', { type: 'header', text: plain('h') }, ['modal', 'message', 'home']],
]

describe('each block and element only where it may stand', () => {
  test.each(places)('%s', (_what, block, surfaces) => {
    for (const surface of ['modal', 'message', 'home'] as const) {
      expect(said([block], surface).length === 0).toBe(surfaces.includes(surface))
    }
  })
})

describe('a view', () => {
  const modal = (more: Json = {}) => ({ type: 'modal', title: plain('t'), blocks: [], ...more })
  const viewSaid = (view: unknown, type: 'modal' | 'home' = 'modal') =>
    viewProblems(view, type).map(({ message, pointer }) => `${message} [${pointer}]`)

  test.each([
    ['title', 24, (n: number) => modal({ title: plain(x(n)) }), '/view/title/text'],
    ['submit', 24, (n: number) => modal({ submit: plain(x(n)) }), '/view/submit/text'],
    ['close', 24, (n: number) => modal({ close: plain(x(n)) }), '/view/close/text'],
    ['private_metadata', 3000, (n: number) => modal({ private_metadata: x(n) }), '/view/private_metadata'],
    ['callback_id', 255, (n: number) => modal({ callback_id: x(n) }), '/view/callback_id'],
    ['external_id', 255, (n: number) => modal({ external_id: x(n) }), '/view/external_id'],
  ])('%s: %i', (_what, figure, make, pointer) => {
    expect(viewSaid(make(figure))).toEqual([])
    expect(viewSaid(make(figure + 1))).toEqual([`must be less than ${figure + 1} characters [${pointer}]`])
  })

  test('with an input needs a submit button', () => {
    expect(viewSaid(modal({ blocks: input(point) }))).toEqual([
      'must define `submit` to use an `input` block in modals [/view/blocks/0/input]',
    ])
    expect(viewSaid(modal({ blocks: input(point), submit: plain('s') }))).toEqual([])
  })

  test('of type home has no title, submit or close', () => {
    expect(viewSaid({ type: 'home', blocks: [] }, 'home')).toEqual([])
    expect(viewSaid({ type: 'home', blocks: [], title: plain('t') }, 'home')).toEqual([
      'invalid additional property: title [/view]',
    ])
  })

  test('without a title or of another type is refused', () => {
    expect(viewSaid({ type: 'modal', blocks: [] })).toEqual(['missing required field: title [/view]'])
    expect(viewSaid({ ...modal(), type: 'workflow_step' })).toEqual(['unsupported type: workflow_step [/view/type]'])
  })
})
