import { expect, test } from 'vitest'
import { folded, readSubcommand, type Subcommand, subcommands, type Vocabulary } from '../../src/slack/subcommand.ts'
import { helpAnswer } from '../../src/slack/views/command-answers.ts'
import { clientContext, templates } from './tickets.ts'

const vocabulary: Vocabulary = new Map()
for (const locale of templates.locales)
  for (const name of subcommands)
    for (const word of templates.words(locale)(`command.word.${name}`).split(',')) {
      const key = folded(word.trim())
      if (!vocabulary.has(key)) vocabulary.set(key, name)
    }
const read = (typed: string) => readSubcommand(typed, vocabulary)

test.each<[string, ReturnType<typeof readSubcommand>]>([
  ['', { kind: 'form', about: '' }],
  ['my printer burns', { kind: 'form', about: 'my printer burns' }],
  ['mine', { kind: 'mine' }],
  ['  MIS  '.replace('MIS', 'Mías'), { kind: 'mine' }],
  ['historico', { kind: 'mine' }],
  ['my requests', { kind: 'mine' }],
  ['MIS  SOLICITUDES', { kind: 'mine' }],
  ['Meus chamados', { kind: 'mine' }],
  ['continuar 1042', { kind: 'act', act: 'follow-up', number: 1042, rest: '' }],
  ['RESOLVIDA 1042', { kind: 'act', act: 'solve', number: 1042, rest: '' }],
  ['1042', { kind: 'show', number: 1042 }],
  [' #1042 ', { kind: 'show', number: 1042 }],
  ['ver 1042', { kind: 'show', number: 1042 }],
  ['search ink & paper', { kind: 'search', search: 'ink & paper' }],
  ['buscar factura', { kind: 'search', search: 'factura' }],
  ['reply 1042 It works\nnow', { kind: 'act', act: 'reply', number: 1042, rest: 'It works\nnow' }],
  ['Responder #1042', { kind: 'act', act: 'reply', number: 1042, rest: '' }],
  ['resuelta 1042', { kind: 'act', act: 'solve', number: 1042, rest: '' }],
  ['reopen 1042', { kind: 'act', act: 'reopen', number: 1042, rest: '' }],
  ['continuação 1042 outra vez', { kind: 'act', act: 'follow-up', number: 1042, rest: 'outra vez' }],
  ['follow-up 1042', { kind: 'act', act: 'follow-up', number: 1042, rest: '' }],
  ['rate 1042 5', { kind: 'act', act: 'rate', number: 1042, rest: '5' }],
  ['ajuda', { kind: 'help' }],
  ['help reset password', { kind: 'articles', search: 'reset password', about: 'help reset password' }],
  ['Ayuda con mi factura', { kind: 'articles', search: 'con mi factura', about: 'Ayuda con mi factura' }],
])('“%s” is understood', (typed, asked) => {
  expect(read(typed)).toEqual(asked)
})

test.each([
  'mine is broken',
  'mis solicitudes no cargan',
  'continue the import of last week',
  'held orders',
  'ayudar a un cliente',
  'reply to my mail never came',
  'solve this please',
  'rate of errors is high',
  'search',
  '1042 is about the same thing',
  'show the invoice',
  'we list nothing',
])('“%s” is what a request is about, not a subcommand', (typed) => {
  expect(read(typed)).toEqual({ kind: 'form', about: typed })
})

test.each([
  ['serach ink', 'search ink'],
  ['seach ink', 'search ink'],
  ['busacr tinta', 'buscar tinta'],
  ['repply 1042 yes', 'reply 1042 yes'],
  ['reopne 1042', 'reopen 1042'],
  ['hlep', 'help'],
])('“%s” is asked about kindly: did they mean “%s”?', (typed, meant) => {
  expect(read(typed)).toEqual({ kind: 'near', meant, about: typed })
})

test.each(['searching for a bug', 'replay 3 is broken in the shop', 'helps a lot', 'kelp'])(
  '“%s” is either taken as it is or asked about, never done',
  (typed) => {
    expect(['form', 'near']).toContain(read(typed).kind)
  },
)

test('every subcommand has a word in every language, and help names each by it', () => {
  for (const locale of templates.locales) {
    const { text } = helpAnswer('/ticket', clientContext(locale))
    for (const name of subcommands) {
      const [word] = templates.words(locale)(`command.word.${name}`).split(',')
      expect(vocabulary.get(folded(word!))).toBe(name satisfies Subcommand)
      if (name !== 'show') expect(text).toContain(`/ticket ${word!.trim()}`)
    }
  }
})
