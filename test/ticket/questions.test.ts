import { describe, expect, test } from 'vitest'
import { readForm, readWholeForm } from '../../src/form-file.ts'
import { missingQuestions } from '../../src/ticket/questions.ts'
import { readAnswers } from '../../src/ticket/read-answers.ts'

const options = { company: 'VTEX' }
const { form } = await readForm('templates', 'en', options)
const labels = (await readWholeForm('templates', ['en', 'es', 'pt'], options)).labels
const stores = [
  { key: 'acme-berlin', name: 'Acme Berlin' },
  { key: 'acme-sao-paulo', name: 'Acme São Paulo' },
]
const byMail = { status: 'open', branch: null, accountKey: null, impact: null, users: null, answers: {} } as const
const asked = (ticket: object = {}, accounts = stores) =>
  missingQuestions(form, labels.en!, { ...byMail, ...ticket }, accounts)

describe('what a mail is asked', () => {
  const keys = (ticket: object, accounts = stores) => asked(ticket, accounts).map(({ key }) => key)

  test.each<[string, object, string[]]>([
    ['nothing is known', {}, ['branch', 'problem_type', 'impact', 'users', 'account']],
    ['it is technical', { branch: 'technical' }, ['problem_type', 'impact', 'users', 'account']],
    ['it is financial', { branch: 'financial' }, ['account']],
    ['the store is known', { accountKey: 'acme-berlin' }, ['branch', 'problem_type', 'impact', 'users']],
    [
      'some was answered',
      { branch: 'technical', impact: 'critical', answers: { problem_type: '1' } },
      ['users', 'account'],
    ],
    ['it is closed', { status: 'closed' }, []],
  ])('when %s', (_, ticket, expected) => expect(keys(ticket)).toEqual(expected))

  test('the store is not asked of who has but one to name', () => {
    expect(keys({ branch: 'financial' }, stores.slice(0, 1))).toEqual([])
  })

  test('technical questions are marked while the branch is open', () => {
    expect(asked().map(({ onlyFor }) => onlyFor)).toEqual([null, 'Technical', 'Technical', 'Technical', null])
    expect(asked({ branch: 'technical' }).map(({ onlyFor }) => onlyFor)).toEqual([null, null, null, null])
  })

  test('a question has its label, a word to call it by and its options', () => {
    expect(asked({ branch: 'technical' })[2]).toEqual({
      key: 'users',
      label: 'Users affected by the problem',
      word: 'users',
      onlyFor: null,
      options: [
        { value: 'admin', label: 'Admin dashboard users' },
        { value: 'buyers', label: 'Buyers, consumers, or end-users' },
        { value: 'all', label: 'All users' },
      ],
    })
  })
})

const read = (text: string, ticket: object = {}) =>
  readAnswers(text, asked(ticket), Object.values(labels), ['Ada Lovelace'])

describe('answers in plain words', () => {
  test.each<[string, Record<string, string>]>([
    ['impact 3, users all', { impact: 'critical', users: 'all' }],
    ['impact: critical', { impact: 'critical' }],
    ['Impact is critical', { impact: 'critical' }],
    ['The impact is critical and the users are all users', { impact: 'critical', users: 'all' }],
    ['IMPACT 3\nUSERS 1', { impact: 'critical', users: 'admin' }],
    ['- impact: 3\n- users: 2', { impact: 'critical', users: 'buyers' }],
    ['impact=2; users=3', { impact: 'important', users: 'all' }],
    ['impact #2', { impact: 'important' }],
    ['impact3 users3', { impact: 'critical', users: 'all' }],
    ['impact 3 users all', { impact: 'critical', users: 'all' }],
    ['need 1, type 1, impact 3, users 3', { branch: 'technical', problem_type: '1', impact: 'critical', users: 'all' }],
    ['Problem impact: Unexpected behavior with critical store resources', { impact: 'critical' }],
    ['impact 3   Unexpected behavior with critical store resources', { impact: 'critical' }],
    ['Unexpected behavior with critical store resources', { impact: 'critical' }],
    ['Buyers, consumers, or end-users', { users: 'buyers' }],
    ['users affected: buyers', { users: 'buyers' }],
    ['All users.', { users: 'all' }],
    ['critical, all users', { impact: 'critical', users: 'all' }],
    ['technical', { branch: 'technical' }],
    [
      '> Problem impact\n>  impact 1: Unexpected behavior\ncritical\n> Users\nall users',
      { impact: 'critical', users: 'all' },
    ],
    ['account: acme sao paulo', { account: 'acme-sao-paulo' }],
    ['store 1', { account: 'acme-berlin' }],
    ['usuarios: todos', { users: 'all' }],
    ['Impacto: crítico. Usuarios: todos los usuarios', { impact: 'critical', users: 'all' }],
    ['impacto critico y usuarios 3', { impact: 'critical', users: 'all' }],
    ['El impacto es crítico', { impact: 'critical' }],
    ['necesidad: técnico', { branch: 'technical' }],
    ['cuenta Acme Berlín', { account: 'acme-berlin' }],
    ['Usuários afetados: compradores', { users: 'buyers' }],
    ['O impacto é crítico e usuários 3', { impact: 'critical', users: 'all' }],
    ['conta: Acme São Paulo', { account: 'acme-sao-paulo' }],
    ['Hello,\n\nimpact 3, users all\n\nThanks,\nAda', { impact: 'critical', users: 'all' }],
    ['impact 3\n\nMuchas gracias,\nAda Lovelace', { impact: 'critical' }],
    [
      '1\n1\n3\n3\n2',
      { branch: 'technical', problem_type: '1', impact: 'critical', users: 'all', account: 'acme-sao-paulo' },
    ],
    ['impact: critical please, everybody is affected', { impact: 'critical', users: 'all' }],
    ['impact: critical!!! Everybody is affected!!!', { impact: 'critical', users: 'all' }],
    ['It is critical and affects all users', { impact: 'critical', users: 'all' }],
    ['impact three, users: the second option', { impact: 'critical', users: 'buyers' }],
    ['Es critico y afecta a todos', { impact: 'critical', users: 'all' }],
    ['Buenas, el impacto es critico, afecta a los compradores. Un saludo', { impact: 'critical', users: 'buyers' }],
    ['todos son afectados, impacto tres', { impact: 'critical', users: 'all' }],
    ['O impacto é crítico e afeta todos os usuários', { impact: 'critical', users: 'all' }],
    ['store: Berlin', { account: 'acme-berlin' }],
    ['Problem impact\n3\nUsers affected by the problem\nall of them', { impact: 'critical', users: 'all' }],
    [
      '> Problem impact (only for: Technical)\n>   impact 1: Unexpected behavior with auxiliary\n> store resources\n\n3\n\n> Users affected by the problem\n\nall of them, thanks',
      { impact: 'critical', users: 'all' },
    ],
  ])('%s', (text, answers) => expect(read(text)).toEqual({ answers, rest: '' }))

  test.each([
    '2 and all',
    '2 and 3',
    '2 3',
    '1) 2\n2) all users',
    '1. important\n2. everybody\n\nThanks,\nAda',
    '2 y todos',
    'Hola,\n\nimportante e todos',
  ])('one answer for each question, in their order: %s', (text) =>
    expect(read(text, { branch: 'technical', accountKey: 'x', answers: { problem_type: '1' } })).toEqual({
      answers: { impact: 'important', users: 'all' },
      rest: '',
    }),
  )

  test('one number answers the one question that is left', () => {
    expect(
      read('3.', { branch: 'technical', accountKey: 'x', impact: 'critical', answers: { problem_type: '1' } }),
    ).toEqual({
      answers: { users: 'all' },
      rest: '',
    })
  })
})

describe('words that are not clearly an answer stay words', () => {
  test.each([
    'It is still broken.',
    'Important, please call me',
    'Important\n\nThe shop is down.',
    'IMPORTANT!',
    'It is important',
    'not critical',
    'impact: not critical',
    'impact critical?',
    'users: all but the admins',
    'users 33',
    'impact 4',
    'impact 3 or 2',
    'impact 2, impact 3',
    'impact 3 people',
    'problem: the checkout is down',
    'Problem 1: the page is blank',
    'There are 3 users with an impact.',
    'I think the impact is critical',
    '> impact 3\nWhat does this mean?',
    'Please call me.\nAda Lovelace\nAcme Berlin',
    '3',
    '3\n3',
    'other 3',
    '',
    'impact',
    'Users',
    'Problem impact\nIt stopped at noon.',
    'Users\n\nWe have 3 of them.',
    'Everything is critical',
    'affects me',
    'account: Acme',
    'account: Berlin and São Paulo',
    '> users 3: All users\n\nall of this is nonsense',
    '> Users affected by the problem\n\nall?',
    '1) call me\n2) then look',
    '2 and all',
    '42',
    'impact 3 '.repeat(1000),
  ])('%s', (text) => expect(read(text)).toEqual({ answers: {}, rest: text }))

  test.each<[string, Record<string, string>, string]>([
    ['impact 3, users all\nIt began on Monday.', { impact: 'critical', users: 'all' }, 'It began on Monday.'],
    ['Impact critical, please hurry up', { impact: 'critical' }, 'Impact critical, please hurry up'],
    ['All users\nsince Monday', { users: 'all' }, 'since Monday'],
    ['users 3\nimpact critical? I am not sure', { users: 'all' }, 'impact critical? I am not sure'],
    ['impact 2\nimpact 3\nusers 1', { users: 'admin' }, 'impact 2\nimpact 3'],
    ['impact 3\ncritical\nImportant!', { impact: 'critical' }, 'critical\nImportant!'],
  ])('beside answers: %s', (text, answers, rest) => expect(read(text)).toEqual({ answers, rest }))

  test('what was not asked is no answer', () => {
    expect(read('impact 3', { branch: 'financial' })).toEqual({ answers: {}, rest: 'impact 3' })
  })
})
