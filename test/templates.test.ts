import { globSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkTemplates, loadTemplates, type Templates } from '../src/templates.ts'

const dir = new URL('../templates', import.meta.url).pathname
let templates: Templates
beforeAll(async () => {
  templates = await loadTemplates(dir)
})

test('every language says everything English says, with the same placeholders', async () => {
  expect(await checkTemplates(dir)).toEqual([])
})

describe('the check of the templates', () => {
  /** A copy of the templates in which one file reads differently. */
  async function changed(file: string, change: (content: string) => string): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'templates-'))
    await cp(dir, copy, { recursive: true })
    await writeFile(join(copy, file), change(await readFile(join(copy, file), 'utf8')))
    return copy
  }

  test.each([
    ['es/status.json', '"status.open": "Abierto",', '', 'status.open', 'is missing: translate "Open"'],
    ['pt/status.json', '"status.open"', '"status.new": "Novo", "status.open"', 'status.new', 'is left over'],
    [
      'es/refusal.json',
      '#{number} está cerrada',
      '#{numero} está cerrada',
      'refusal.ticket-closed',
      '[numero], English has [number]',
    ],
    ['es/slack.json', 'one {… y # archivo más} ', '', 'slack.file.more', 'has no words for 1 {count}: add "one {…}"'],
    ['pt/slack.json', '=1 {… e mais # arquivo}', 'one {… e mais # arquivo}', 'slack.file.more', 'says 0 as it says 1'],
    ['pt/mail.json', '{count, plural,', '{count, plural', 'mail.attachments', 'is not an ICU message'],
    [
      'mail/waiting.txt.liquid',
      "'mail.waiting.next-step'",
      "'mail.waiting.step'",
      'mail.waiting.step',
      'has no such key',
    ],
    ['mail/waiting.txt.liquid', 'say: number: number', 'say', 'mail.waiting.we-wait', 'is said without number'],
    ['mail/waiting.html.liquid', '{%- endblock %}', '', 'waiting.html.liquid', 'does not parse'],
  ])('names file, key and trouble: %s, %s → %s', async (file, from, to, key, what) => {
    const copy = await changed(file, (content) => content.replace(from, to))
    expect(await checkTemplates(copy)).toContainEqual({ file, key, what: expect.stringContaining(what) })
  })

  test('a file that is no JSON is named', async () => {
    const copy = await changed('es/status.json', () => '{')
    await expect(checkTemplates(copy)).rejects.toThrow(/es\/status\.json is not valid JSON/)
  })
})

describe('words', () => {
  test.each([
    ['en', 'Awaiting your reply', 'Pending'],
    ['es-419', 'Esperando respuesta', 'Esperando respuesta'],
    ['pt_BR', 'Aguardando sua resposta', 'Aguardando resposta'],
    ['de', 'Awaiting your reply', 'Pending'],
    ['', 'Awaiting your reply', 'Pending'],
    [null, 'Awaiting your reply', 'Pending'],
  ])('the pending status in %s is "%s" for the client and "%s" for an agent (X5)', (locale, client, agent) => {
    expect(templates.words(locale)('status.pending')).toBe(client)
    expect(templates.words(locale, { audience: 'client' })('status.pending')).toBe(client)
    expect(templates.words(locale, { audience: 'agent' })('status.pending')).toBe(agent)
  })

  test.each([
    ['en', ['Open', 'Solved', 'Closed']],
    ['es', ['Abierto', 'Resuelto', 'Cerrado']],
    ['pt', ['Aberto', 'Resolvido', 'Fechado']],
  ])('the other statuses in %s are %s', (locale, statuses) => {
    const words = templates.words(locale)
    expect(['open', 'solved', 'closed'].map((status) => words(`status.${status}`))).toEqual(statuses)
  })

  test('a parameter is put in as it is: neither read as a message nor grouped as a number', () => {
    const said = templates.words('en')('mail.reply.person-wrote', { author: '{x} <b>#', number: 1234567 })
    expect(said).toBe('{x} <b># wrote in request #1234567:')
  })

  test.each([
    ['en', ['Step 2 of 5', 'Step 1 of 4 or 5', 'Step 1 of 4 to 7']],
    ['es', ['Paso 2 de 5', 'Paso 1 de 4 o 5', 'Paso 1 de 4 a 7']],
    ['pt', ['Passo 2 de 5', 'Passo 1 de 4 ou 5', 'Passo 1 de 4 a 7']],
  ])('how far somebody is in the form is said in words in %s, whatever the answers to come decide', (locale, said) => {
    const step = (step: number, least: number, most: number, ways: string) =>
      templates.words(locale)('questionnaire.step', { step, least, most, ways })
    expect([step(2, 5, 5, 'one'), step(1, 4, 5, 'two'), step(1, 4, 7, 'other')]).toEqual(said)
  })

  test('what only an agent is refused speaks of a ticket, as agents do', () => {
    const params = { number: 1042, agent: 'Kofi' }
    for (const locale of ['en', 'es', 'pt'])
      for (const code of [
        'already-taken',
        'taken-by-you',
        'already-sent',
        'too-many-ccs',
        'mail-decided',
        'mail-not-kept',
      ])
        expect(templates.words(locale)(`refusal.${code}`, params)).not.toMatch(/request|solicitud|chamado/i)
  })

  test('a date is said as a moment in the reader’s zone', () => {
    const words = templates.words('es', { timeZone: 'America/Bogota' })
    expect(words('mail.reply.next-step-solved', { until: new Date('2026-11-24T19:00:37Z') })).toContain(
      'responde hasta el martes, 24 de noviembre de 2026, 14:00 (GMT-5)',
    )
  })

  test('an unknown key is an error that names the file to add it to; with onMissing it is told and shown', async () => {
    expect(() => templates.words('es')('status.frozen')).toThrow('templates/en/status.json')
    const problems: string[] = []
    const lenient = await loadTemplates(dir, (problem) => problems.push(problem))
    expect(lenient.words('es')('status.frozen')).toBe('status.frozen')
    expect(lenient.words('es')('mail.hello-name')).toBe('mail.hello-name')
    expect(problems.join('\n')).toMatch(/status\.frozen[\s\S]*templates\/es: "mail.hello-name"[\s\S]*templates\/en/)
  })

  test('every label that the code names exists in English', () => {
    const root = new URL('..', import.meta.url).pathname
    const named = globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
      const source = readFileSync(join(root, file), 'utf8')
      return [...source.matchAll(/\bwords\(\s*'([^']+)'/g)].map(([, key = '']) => ({ file, key }))
    })
    expect(named.length).toBeGreaterThan(10)
    const unknown = named.filter(({ key }) => {
      try {
        return templates.words('en')(key) === ''
      } catch (error) {
        return (error as Error).message.startsWith('no words')
      }
    })
    expect(unknown).toEqual([])
  })

  test('every refusal has a sentence that ends with a next step', async () => {
    const source = await readFile(new URL('../src/ticket/refusal.ts', import.meta.url), 'utf8')
    const codes = [...source.matchAll(/\| '([a-z-]+)'/g)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(10)
    for (const locale of ['en', 'es', 'pt'])
      for (const code of codes) {
        const sentence = templates.words(locale)(`refusal.${code}`, {
          number: 1042,
          agent: 'Kofi',
          until: 'noon',
          name: 'a.png',
        })
        expect(sentence.split('. ').length, sentence).toBeGreaterThan(1)
      }
  })
})

describe('a moment', () => {
  const at = new Date('2026-11-24T19:00:59Z')
  test.each([
    ['en', 'Europe/Berlin', 'Tuesday 24 November 2026, 20:00 (CET)'],
    ['en-US', 'America/New_York', 'Tuesday, November 24, 2026, 2:00 PM (EST)'],
    ['en', 'Asia/Kolkata', 'Wednesday 25 November 2026, 00:30 (IST)'],
    ['es', 'Europe/Madrid', 'martes, 24 de noviembre de 2026, 20:00 (CET)'],
    ['pt', 'America/Sao_Paulo', 'terça-feira, 24 de novembro de 2026, 16:00 (BRT)'],
    ['es', 'Pacific/Auckland', 'miércoles, 25 de noviembre de 2026, 8:00 (NZDT)'],
    ['de', 'Europe/Berlin', 'Tuesday 24 November 2026, 20:00 (CET)'],
    ['en', 'Mars/Olympus', 'Tuesday 24 November 2026, 19:00 (UTC)'],
    [null, null, 'Tuesday 24 November 2026, 19:00 (UTC)'],
  ])('for %s in %s is %s, its seconds cut', (locale, zone, said) => {
    expect(templates.moment(at, locale, zone)).toBe(said)
  })

  test('the hour that a clock change repeats is told apart by the zone’s name', () => {
    expect(templates.moment(new Date('2026-10-25T00:30Z'), 'en', 'Europe/Berlin')).toMatch(/02:30 \(CEST\)$/)
    expect(templates.moment(new Date('2026-10-25T01:30Z'), 'en', 'Europe/Berlin')).toMatch(/02:30 \(CET\)$/)
  })
})

test('a locale’s own mail template replaces the common one for that locale alone', async () => {
  const copy = await mkdtemp(join(tmpdir(), 'templates-'))
  await cp(dir, copy, { recursive: true })
  await cp(join(copy, 'mail'), join(copy, 'es', 'mail'), { recursive: true })
  await writeFile(join(copy, 'es/mail/waiting.txt.liquid'), 'Te esperamos, {{ name }}.')
  const own = await loadTemplates(copy)
  const params = { name: 'Ada', number: 1, company: 'Acme', history: [], historyCut: false, isCopied: false }
  expect(own.render('waiting', 'es', params).text).toBe('Te esperamos, Ada.\n')
  expect(own.render('waiting', 'pt', params).text).toContain('Chamado #1')
})
