import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const mailPackages = ['imapflow', 'mailparser', 'nodemailer', 'htmlparser2', 'iconv-lite', 'franc-min', 'zod']
const wordPackages = ['yaml', 'zod', 'liquidjs', 'intl-messageformat', 'temporal-polyfill', 'email-providers']

/** What every room but the pure ones may use. */
const common = ['ticket/', 'clock.ts', 'secrets.ts', 'setting-error.ts', 'public-domains.ts', 'node:']

/**
 * Who may import whom. A row is a room of src/, named by the beginning of its paths; the first row that fits counts.
 * `values` are the rooms and packages it may use, `types` those it may only name in `import type`.
 */
const rooms: { room: string; values: string[]; types?: string[] }[] = [
  { room: 'main.ts', values: ['*'] },
  { room: 'product', values: ['*'] }, // puts the rooms together; told its settings, so that a test can start it too
  { room: 'ticket/', values: ['ticket/', 'temporal-polyfill'] },
  {
    room: 'slack/views/',
    values: ['slack/views/', 'slack/text.ts', 'ticket/'],
    types: ['@slack/types', 'templates.ts'],
  },
  {
    room: 'mail/rules/',
    values: ['mail/rules/', 'mail/reading/header-fields.ts', 'mail/threading.ts', 'ticket/'],
    types: ['mail/'],
  },
  { room: 'mail/threading.ts', values: ['ticket/'], types: ['mail/', 'secrets.ts'] },
  {
    room: 'mail/quoting',
    values: ['mail/quoting', 'mail/reading/', 'mail/threading.ts', 'htmlparser2'],
    types: ['mail/'],
  },
  // Slack, mail and the web pages never know each other, nor pg or pg-boss: they ask store/ and send commands to the desk.
  {
    room: 'slack/',
    values: ['slack/', 'store/', 'templates.ts', 'form-file.ts', '@slack/', 'emojibase-data/', 'zod', ...common],
    types: ['desk.ts', 'desk-file.ts', 'dispatcher.ts', 'articles/', 'pino'],
  },
  {
    room: 'mail/',
    values: ['mail/', 'store/', 'templates.ts', 'mailauth', ...mailPackages, ...common],
    types: ['desk.ts', 'desk-file.ts', 'dispatcher.ts', 'pino'],
  },
  {
    room: 'web',
    values: ['web', 'store/', 'templates.ts', 'hono', '@hono/', 'zod', ...common],
    types: ['desk.ts', 'desk-file.ts', 'linking.ts', 'pino'], // linking: the page that joins two addresses,
  },
  // What help articles are written in, for whoever imports them.
  { room: 'articles/', values: ['articles/', 'store/', 'marked', 'htmlparser2', 'yaml', 'zod', ...common] },
  { room: 'store/', values: ['store/', 'pg', ...common], types: ['pg-boss', 'mail/', 'pino'] },
  { room: 'desk.ts', values: ['store/', 'enqueue.ts', ...common], types: ['*'] },
  { room: 'enqueue.ts', values: ['store/', ...common], types: ['desk.ts'] },
  {
    room: 'jobs.ts',
    values: ['desk.ts', 'dispatcher.ts', 'slack/outbound.ts', 'mail/', 'store/', 'pg-boss', ...common],
    types: ['*'],
  },
  { room: 'linking.ts', values: ['mailed-code.ts', 'store/', ...common], types: ['*'] },
  { room: 'store-access.ts', values: ['mailed-code.ts', 'store/', ...common], types: ['*'] },
  { room: 'mailed-code.ts', values: ['store/', 'mail/alarm.ts', ...common], types: ['*'] },
  { room: 'language.ts', values: ['store/', ...common], types: ['*'] },
  { room: 'deadlines.ts', values: ['desk.ts', 'store/', ...common], types: ['*'] },
  { room: 'dispatcher.ts', values: ['desk.ts', 'store/', ...common], types: ['*'] },
  // Sample tickets come about as real ones do, by commands.
  { room: 'sandbox/sample-data.ts', values: ['sandbox/', 'store/', ...common], types: ['desk.ts'] },
  { room: 'sandbox/page/', values: ['sandbox/page/', 'preact', 'htm'], types: ['sandbox/'] },
  {
    // It stands where Slack and the mail server stand, so it shares nothing with the code that talks to them.
    room: 'sandbox/',
    values: ['sandbox/', 'ws', 'yaml', 'zod', 'smtp-server', 'hoodiecrow-imap', ...mailPackages, ...common],
    types: ['preact', '@slack/types', 'pino'],
  },
  { room: 'embedded/', values: ['embedded/', 'pg', 'node:'] },
  { room: 'config', values: ['config', 'zod', 'node:'] },
  {
    room: 'cli/',
    values: [
      'cli/',
      'articles/',
      'mail/',
      'slack/views/',
      'store/',
      'embedded/',
      'templates.ts',
      'form-file.ts',
      'desk-file.ts',
      ...common,
    ],
    types: ['*'],
  },
  // Single files beside the rooms: the desk's own file, the form, the words, secrets, the clock.
  {
    room: '',
    values: ['desk-file', 'form-file', 'repeated-keys.ts', 'templates', 'yaml-place.ts', ...wordPackages, ...common],
    types: ['*'],
  },
]

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  .map((name) => ({ name, text: readFileSync(join('src', name), 'utf8') }))

test('every import follows the table', () => {
  const strays = files.flatMap(({ name, text }) => {
    const { values, types = [] } = rooms.find(({ room }) => name.startsWith(room))!
    const allowed = (target: string, list: string[]) =>
      list.some((prefix) => prefix === '*' || target.startsWith(prefix))
    return importsOf(name, text)
      .filter(({ target, isType }) => !allowed(target, values) && !(isType && allowed(target, types)))
      .map(({ target, isType }) => `${name} imports ${isType ? 'a type of ' : ''}${target}`)
  })
  expect(strays).toEqual([])
})

test('nobody imports main.ts, and only main.ts reads the configuration, starts Postgres, the sandbox and the product', () => {
  const outside = (room: string) =>
    files.flatMap(({ name, text }) =>
      name !== 'main.ts' && !name.startsWith(room)
        ? importsOf(name, text)
            .filter(({ target, isType }) => target.startsWith(room) && !isType)
            .map(({ target }) => ({ name, target }))
        : [],
    )
  for (const room of ['main.ts', 'product.ts', 'config', 'sandbox/']) expect(outside(room)).toEqual([])
  // A command line tool only looks into a server that runs.
  expect(outside('embedded/').filter(({ name }) => !name.startsWith('cli/'))).toEqual([])
})

test('the environment is read in config.ts, by the command line tools, and by the launcher for the PATH of its programs', () => {
  const readers = files.filter(({ text }) => withoutComments(text).includes('process.env')).map(({ name }) => name)
  expect(
    readers.filter((name) => !['config.ts', 'embedded/run-as.ts'].includes(name) && !name.startsWith('cli/')),
  ).toEqual([])
})

test('ticket/ waits for nothing, asks no clock, throws no dice', () => {
  const impure =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bawait\b|\basync\b|\bTemporal\.Now\b|['"]node:/
  const found = files
    .filter(({ name }) => name.startsWith('ticket/'))
    .flatMap(({ name, text }) =>
      withoutComments(text)
        .split('\n')
        .filter((line) => impure.test(line))
        .map((line) => `${name}: ${line.trim()}`),
    )
  expect(found).toEqual([])
})

/** What a file imports: paths below src/, or names of packages. */
function importsOf(name: string, text: string): { target: string; isType: boolean }[] {
  const statements =
    /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm
  return [...withoutComments(text).matchAll(statements)].map(([, type, from, dynamic]) => {
    const source = from ?? dynamic ?? ''
    const target = source.startsWith('.') ? relative('.', join(dirname(name), source)) : source
    return { target, isType: Boolean(type) }
  })
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(\/\*[\s\S]*?\*\/|\/\/.*)/gm, '')
}
