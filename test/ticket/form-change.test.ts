import { expect, test } from 'vitest'
import { readForm } from '../../src/form-file.ts'
import type { Answers, Field, Form } from '../../src/ticket/form.ts'
import { carryOver } from '../../src/ticket/form-change.ts'
import { progressAt } from '../../src/ticket/form-progress.ts'

const { form } = await readForm('templates', 'en', { company: 'VTEX' })
const half: Answers = {
  name: 'Ada Lovelace',
  account: 'acme-berlin',
  branch: 'technical',
  problem_type: '1',
  subject: 'The till is stuck',
}
const draft = { page: 'technical_b', answers: half }

/** The form with another version of one of its pages. */
function changed(key: string, change: (fields: Field[]) => Field[]): Form {
  const pages = form.pages.map((page) => (page.key === key ? { ...page, fields: change(page.fields) } : page))
  return { ...form, version: 'other', pages }
}
const orderNumber: Field = { key: 'order_number', kind: 'text', required: true, maxLength: 20 }

test('a draft stays where it is when nothing its author has seen is different', () => {
  expect(carryOver(form, form, draft)).toEqual({ page: 'technical_b', hasChanged: false })
  const later = changed('technical_c', (fields) => [...fields, orderNumber])
  expect(carryOver(form, later, draft)).toEqual({ page: 'technical_b', hasChanged: false })
  const otherBranch = changed('financial_a', (fields) => [...fields, orderNumber])
  expect(carryOver(form, otherBranch, draft)).toEqual({ page: 'technical_b', hasChanged: false })
})

test('a draft goes back to the page that asks for more', () => {
  const more = changed('technical_a', (fields) => [...fields, orderNumber])
  expect(carryOver(form, more, draft)).toEqual({ page: 'technical_a', hasChanged: true })
})

test('a draft goes back to an answer that fits no more', () => {
  const fewer = changed('technical_a', (fields) =>
    fields.map((field) => (field.key === 'problem_type' ? { ...field, options: [{ value: '2' }] } : field) as Field),
  )
  expect(carryOver(form, fewer, draft)).toEqual({ page: 'technical_a', hasChanged: true })
})

test('a page that asks less is told of, and nobody is sent back for it', () => {
  const less = changed('technical_a', (fields) => fields.filter(({ key }) => key !== 'problem_type'))
  expect(carryOver(form, less, draft)).toEqual({ page: 'technical_b', hasChanged: true })
})

test('a draft on a page that is gone goes on where something is still to be said', () => {
  const renamed = { ...form, pages: form.pages.map((page) => ({ ...page, key: `new_${page.key}` })) }
  expect(carryOver(form, renamed, draft)).toEqual({ page: 'new_technical_b', hasChanged: true })
  const emptied = { ...draft, answers: {} }
  expect(carryOver(form, renamed, emptied)).toEqual({ page: 'new_identification', hasChanged: true })
})

test('of a form nobody knows any more it is told only that the page is another one', () => {
  expect(carryOver(null, form, draft)).toEqual({ page: 'technical_b', hasChanged: false })
  expect(carryOver(null, form, { ...draft, page: 'gone' })).toEqual({ page: 'technical_b', hasChanged: true })
})

test('the order in which a database keeps what a field says changes nothing', () => {
  const backwards = (field: Field) => Object.fromEntries(Object.entries(field).reverse()) as Field
  const stored = { ...form, pages: form.pages.map((page) => ({ ...page, fields: page.fields.map(backwards) })) }
  expect(carryOver(stored, form, draft)).toEqual({ page: 'technical_b', hasChanged: false })
})

test.each([
  ['identification', {}, { step: 1, least: 4, most: 5 }],
  ['choice', {}, { step: 2, least: 4, most: 5 }],
  ['technical_a', { branch: 'technical' }, { step: 3, least: 5, most: 5 }],
  ['technical_c', { branch: 'technical' }, { step: 5, least: 5, most: 5 }],
  ['financial_b', { branch: 'financial' }, { step: 4, least: 4, most: 4 }],
  ['commercial_b', { branch: 'commercial', commercial: '5' }, { step: 4, least: 4, most: 4 }],
])('page %s with %o is this far on the way', (page, answers, progress) => {
  expect(progressAt(form, page, answers as Answers)).toEqual(progress)
})
