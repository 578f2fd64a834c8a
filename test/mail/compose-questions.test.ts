import { describe, expect, test } from 'vitest'
import { readForm, readWholeForm } from '../../src/form-file.ts'
import { labelsIn, missingQuestions, questionsFor } from '../../src/ticket/questions.ts'
import { readAnswers } from '../../src/ticket/read-answers.ts'
import { acknowledged, compose, full, inLanguage } from './compose-story.ts'

const options = { company: 'Acme' }
const { form } = await readForm('templates', 'en', options)
const labels = (await readWholeForm('templates', ['en', 'es', 'pt'], options)).labels
const accounts = [
  { key: 'one', name: 'Shop <One>' },
  { key: 'two', name: 'Shop Two' },
]
const unknown = { status: 'open', branch: null, accountKey: null, impact: null, users: null, answers: {} } as const
const url = 'https://desk.acme.example/describe/t0ken'
const asked = (locale: string, ticket = {}) =>
  missingQuestions(form, labelsIn(labels, locale), { ...unknown, ...ticket }, accounts)
const acknowledgement = (locale: string, more = {}, ticket = {}) =>
  compose({
    ...acknowledged,
    recipient: inLanguage(locale),
    missing: { questions: asked(locale, ticket), url },
    ...more,
  })

describe('the acknowledgement of a mail', () => {
  test('asks in plain text for what is missing', () => {
    expect(acknowledgement('en').text).toMatchInlineSnapshot(`
      "Hello Ada Lovelace,

      Your request reached us. Its number is #1042.

      Somebody from our team reads it next and answers you here.
      To add something, just answer this mail.

      A few answers help us to help you sooner. If you can, reply in plain words,
      for example: impact 2, users 2

      What do you need?
        need 1: Technical
        need 2: Financial
        need 3: Commercial

      Problem type (only for: Technical)
        type 1: The store is experiencing a problem or has an unexpected behavior
        type 2: I have a concern and would like to ask a question
        type 3: I would like to request a setup

      Problem impact (only for: Technical)
        impact 1: Unexpected behavior with auxiliary store resources
        impact 2: Unexpected behavior with important store resources
        impact 3: Unexpected behavior with critical store resources

      Users affected by the problem (only for: Technical)
        users 1: Admin dashboard users
        users 2: Buyers, consumers, or end-users
        users 3: All users

      Account
        account 1: Shop <One>
        account 2: Shop Two

      Or choose on a short page:
      https://desk.acme.example/describe/t0ken

      -- 
      Request #1042 · Acme
      "
    `)
  })

  test.each(['en', 'es', 'pt'])('%s: each of its codes is understood in a reply, and so is its example', (locale) => {
    const { text } = acknowledgement(locale)
    const codes = [...text.matchAll(/^ {2}(\S+ \d): (.+)$/gm)].map(([, code, label]) => ({
      code: code!,
      label: label!,
    }))
    expect(codes).toHaveLength(14)
    const questions = asked(locale)
    const read = (reply: string) => readAnswers(reply, questions, Object.values(labels))
    for (const { code, label } of codes) {
      const { answers, rest } = read(code)
      const [[key, value] = ['', '']] = Object.entries(answers)
      const option = questions.find((question) => question.key === key)?.options.find((each) => each.value === value)
      expect([option?.label, rest]).toEqual([label, ''])
      expect(read(`${code}: ${label}`)).toEqual({ answers, rest: '' })
    }
    const example = /\S+ \d, \S+ \d/.exec(text.replaceAll('\n', ' '))![0]
    expect(Object.keys(read(example).answers)).toHaveLength(2)
  })

  test('asks nothing that is known, and nothing at all when all is', () => {
    expect(acknowledgement('en', {}, { branch: 'financial', accountKey: 'one' }).text).not.toContain('describe')
    const { text } = acknowledgement('en', {}, { branch: 'financial' })
    expect(text).toContain('account 2: Shop Two')
    expect(text).not.toMatch(/impact|users/)
    expect(compose(acknowledged).text).not.toContain('describe')
  })

  test('escapes what the desk file says, and links the page', () => {
    const { html } = acknowledgement('en')
    expect(html).toContain('Shop &lt;One&gt;')
    expect(html).toContain(`href="${url}"`)
  })

  test('asks a stranger too, without a word of theirs', () => {
    const { text, html, subject } = acknowledgement('en', { senderIsProven: false })
    expect(text).toContain('impact 3: ')
    for (const words of [text, html, subject]) expect(words).not.toContain(full.ticket.subject)
  })

  test('is not asked of who filled in the form, nor again in a follow-up', () => {
    const questionnaire = { form, labels, accountsOf: () => accounts }
    const ticket = { ...full.ticket, ...unknown, via: 'mail', followUpOf: null } as const
    const ada = { address: 'ada@acme.example', locale: null }
    expect(questionsFor(questionnaire, ticket, ada)).toHaveLength(5)
    expect(questionsFor(questionnaire, { ...ticket, via: 'slack' }, ada)).toEqual([])
    expect(questionsFor(questionnaire, { ...ticket, followUpOf: 1001 }, ada)).toEqual([])
  })
})
