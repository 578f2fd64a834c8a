import { fileURLToPath } from 'node:url'
import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { readForm } from '../../src/form-file.ts'
import { checkView } from '../../src/sandbox/slack/validate/views.ts'
import { NO_ACCOUNT } from '../../src/slack/views/form-field.ts'
import { pageModal, readPageMetadata } from '../../src/slack/views/form-modal.ts'
import { readState } from '../../src/slack/views/form-state.ts'
import { type Answers, type Page, pagesFor } from '../../src/ticket/form.ts'
import { checkAnswers } from '../../src/ticket/form-answers.ts'
import { clientContext } from './tickets.ts'

const { form, labels } = await readForm(fileURLToPath(new URL('../../templates', import.meta.url)), 'en', {
  company: 'VTEX',
})
const accounts = [
  { key: 'acmeberlin', name: 'Acme Berlin' },
  { key: 'acmesp', name: 'Acme São Paulo' },
]
const show = (page: Page, answers: Answers = {}, more: object = {}) =>
  pageModal({ form, page, answers, labels, accounts, draftId: 'd1', canGoBack: true, ctx: clientContext(), ...more })

/** All pages of a branch, whatever else has to be answered to see them. */
function pagesOf(branch: string): { page: Page; answers: Answers }[] {
  const role = form.roles.branch
  const choices = form.pages.flatMap((page) => page.fields).find((field) => field.key === branch)
  const ways = choices && 'options' in choices ? choices.options.map(({ value }) => ({ [branch]: value })) : [{}]
  return ways.flatMap((way) => {
    const answers: Answers = { [role]: branch, ...way }
    return pagesFor(form, answers).map((page) => ({ page, answers }))
  })
}
const everyPage = ['technical', 'financial', 'commercial'].flatMap(pagesOf)
const inputs = (view: ModalView) =>
  (view.blocks as KnownBlock[]).filter((block): block is InputBlock => block.type === 'input')

describe('a page of the form', () => {
  it('is taken by Slack, every one of them, on every way through', () => {
    expect(new Set(everyPage.map(({ page }) => page.key)).size).toBe(form.pages.length)
    for (const { page, answers } of everyPage) checkView(show(page, answers), 'modal')
  })

  it('has a block for each field, named by the field’s key, marked optional where it is', () => {
    for (const { page, answers } of everyPage) {
      expect(inputs(show(page, answers)).map(({ block_id, optional }) => [block_id, optional])).toEqual(
        page.fields.map(({ key, required }) => [key, !required]),
      )
    }
  })

  it('says the exact label of the 76 characters in two lines', () => {
    const { page } = pagesOf('financial').find(({ page }) => page.fields.some(({ key }) => key === 'financial'))!
    const element = inputs(show(page)).find(({ block_id }) => block_id === 'financial')!.element
    const option = 'options' in element && element.options?.find(({ value }) => value === '07')
    expect(option).toMatchObject({
      text: { text: 'Changing the company registration number' },
      description: { text: 'Transfer of contractual liability' },
    })
  })

  it('shows the consent ticked before anybody touches it, and unticked once it was unticked', () => {
    const { page } = pagesOf('technical').find(({ page }) => page.fields.some(({ kind }) => kind === 'consent'))!
    const box = (answers: Answers) => JSON.stringify(inputs(show(page, answers)).at(-1)!.element)
    expect(box({})).toContain('initial_options')
    expect(box({ consent: true })).toContain('initial_options')
    expect(box({ consent: false })).not.toContain('initial_options')
    expect(box({})).toContain('I agree to anonymously share my problem/question resolution with VTEX')
  })

  it('carries the draft and the page, and reads nothing from a stranger’s metadata', () => {
    const view = show(form.pages[0]!)
    expect(view).toMatchObject({ callback_id: 'intake.page', notify_on_close: true })
    expect(readPageMetadata(view.private_metadata)).toEqual({ draft: 'd1', page: form.pages[0]!.key })
    for (const odd of [undefined, '', '{', '[]', 'null', '{"draft":1,"page":"x"}'])
      expect(readPageMetadata(odd)).toBeNull()
  })

  it('offers Back only where there is a page to go back to', () => {
    expect(JSON.stringify(show(form.pages[0]!, {}, { canGoBack: false }))).not.toContain('intake.back')
    expect(JSON.stringify(show(form.pages[0]!))).toContain('intake.back')
  })

  it('ends with Send where it is the last', () => {
    for (const branch of ['technical', 'financial', 'commercial']) {
      const { page, answers } = pagesOf(branch).at(-1)!
      expect(show(page, answers).submit!.text).toBe('Send')
    }
    expect(show(form.pages[0]!).submit!.text).toBe('Continue')
  })

  it('says what is wrong beside the field and which files the draft already holds', () => {
    const { page, answers } = pagesOf('technical').find(({ page }) => page.fields.some(({ kind }) => kind === 'files'))!
    const files = page.fields.find(({ kind }) => kind === 'files')!.key
    const held = {
      id: 'F1',
      name: '<!channel>.png',
      contentType: 'image/png',
      size: 1,
      url: 'https://files.slack.com/x',
    }
    const view = show(page, { ...answers, [files]: [held] }, { errors: { [files]: 'Too <many>' } })
    checkView(view, 'modal')
    expect(JSON.stringify(view)).toContain('Already attached: &lt;!channel&gt;.png')
    expect(JSON.stringify(view)).toContain('⚠️ Too &lt;many&gt;')
  })

  it('shows stores by the hundred, none, and with names no menu can hold', () => {
    const page = form.pages.find(({ fields }) => fields.some(({ kind }) => kind === 'account'))!
    const stores = (count: number, name = 'Störe 😀'.repeat(20)) =>
      Array.from({ length: count }, (_, index) => ({ key: `s${index}`, name: `${index} ${name}` }))
    for (const list of [
      [],
      stores(1, ''),
      stores(100),
      stores(101),
      stores(5000),
      [{ key: 'k'.repeat(151), name: 'x' }],
    ]) {
      checkView(show(page, {}, { accounts: list }), 'modal')
    }
    expect(JSON.stringify(show(page, {}, { accounts: [] }))).toContain('No store is known for you yet')
  })
})

describe('what was filled in', () => {
  it('of every kind of field comes back as it was answered', () => {
    const page: Page = {
      key: 'technical_a',
      fields: [
        { key: 'subject', kind: 'number', required: true, decimals: true, min: -0.5, max: 1_000_000 },
        { key: 'impact', kind: 'number', required: false, decimals: false, max: 12 },
        { key: 'users', kind: 'checkboxes', required: true, options: [{ value: 'admin' }, { value: 'all' }] },
        { key: 'experience', kind: 'date', required: true },
        { key: 'name', kind: 'email', required: true, maxLength: 320 },
        { key: 'comments', kind: 'url', required: true, maxLength: 3000 },
      ],
    }
    const given = Object.fromEntries(page.fields.map((field) => [field.key, sample(field)]))
    const view = show(page, given)
    checkView(view, 'modal')
    expect(checkAnswers(page, readState(page, stateOf(view)), { accounts })).toEqual({ answers: given })
  })

  it('comes back as it was answered, and is shown again as it came', () => {
    for (const { page, answers } of everyPage) {
      const given = Object.fromEntries(page.fields.map((field) => [field.key, sample(field)]))
      const view = show(page, { ...answers, ...given })
      checkView(view, 'modal')
      const read = readState(page, stateOf(view))
      const checked = checkAnswers(page, read, { accounts })
      const typed = Object.fromEntries(
        Object.entries(given).filter(([key]) => page.fields.find((field) => field.key === key)?.kind !== 'files'),
      )
      expect(checked).toEqual({ answers: typed })
    }
  })

  it('holds files as the form wants them', () => {
    const page: Page = { key: 'p', fields: [{ key: 'file', kind: 'files', required: false, maxFiles: 10 }] }
    const file = { id: 'F1', name: 'a.png', mimetype: 'image/png', size: 3, url_private: 'https://files.slack.com/a' }
    const values = { file: { file: { type: 'file_input', files: [file, { name: 'no id' }, null, 7] } } }
    expect(readState(page, values)).toEqual({
      file: [{ id: 'F1', name: 'a.png', contentType: 'image/png', size: 3, url: 'https://files.slack.com/a' }],
    })
  })

  it('is nothing where nothing, or nothing of ours, came', () => {
    const odd = [
      null,
      undefined,
      7,
      'x',
      [],
      {},
      { value: 7 },
      { selected_option: null },
      { selected_options: 'x' },
      { files: {} },
    ]
    for (const { page } of everyPage) {
      expect(readState(page, undefined)).toEqual({})
      for (const state of odd) {
        const values = Object.fromEntries(page.fields.map(({ key }) => [key, { [key]: state }]))
        expect(readState(page, values)).toEqual({})
      }
    }
  })

  it('is no store where there was none to choose', () => {
    const page: Page = { key: 'p', fields: [{ key: 'account', kind: 'account', required: true }] }
    expect(readState(page, { account: { account: { selected_option: { value: NO_ACCOUNT } } } })).toEqual({})
  })
})

function sample(field: Page['fields'][number]): Answers[string] {
  if (field.kind === 'account') return 'acmesp'
  if (field.kind === 'consent') return false
  if (field.kind === 'files')
    return [{ id: 'F1', name: 'a.png', contentType: 'image/png', size: 1, url: 'https://files.slack.com/a' }]
  switch (field.kind) {
    case 'checkboxes':
      return field.options.slice(1).map(({ value }) => value)
    case 'number':
      return field.decimals ? 0.0000001 : (field.max ?? 7)
    case 'date':
      return '2028-02-29'
    case 'email':
      return 'ada@acme.example'
    case 'url':
      return 'https://acme.example/?a=1&b=<2>'
    default:
      return 'options' in field ? field.options.at(-1)!.value : 'Words & <such> 😀'
  }
}

/** What Slack would send for a page that was submitted untouched: the initial values. */
function stateOf(view: ModalView): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    inputs(view).map(({ block_id, element }) => {
      const shown = element as {
        initial_value?: string
        initial_date?: string
        initial_option?: object
        initial_options?: object[]
        type: string
      }
      return [
        block_id!,
        {
          [block_id!]: {
            type: shown.type,
            value: shown.initial_value ?? null,
            selected_option: shown.initial_option ?? null,
            ...(shown.type === 'datepicker' ? { selected_date: shown.initial_date ?? null } : {}),
            ...(shown.type === 'checkboxes' ? { selected_options: shown.initial_options ?? [] } : {}),
          },
        },
      ]
    }),
  )
}
