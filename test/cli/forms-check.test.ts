import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkForms } from '../../src/cli/forms-check.ts'

let dir = ''
beforeEach(async () => {
  if (dir) await rm(dir, { recursive: true })
  dir = await mkdtemp(join(tmpdir(), 'forms-'))
  await cp('templates', dir, { recursive: true })
})
afterAll(() => rm(dir, { recursive: true }))

// biome-ignore lint/suspicious/noExplicitAny: these tests break the files as somebody with an editor would
async function edit(file: string, change: (content: any) => void): Promise<void> {
  const content = JSON.parse(await readFile(join(dir, file), 'utf8'))
  change(content)
  await writeFile(join(dir, file), JSON.stringify(content))
}

describe('the shipped forms', () => {
  test('are printed as a person walks through them, in every language, the same each time', async () => {
    const { text, code } = await checkForms({ dir })
    expect(code).toBe(0)
    expect(await checkForms({ dir })).toEqual({ text, code })
    for (const line of [
      /^intake \(en\), version [0-9a-f]{16}$/m,
      /^intake \(es\), version/m,
      /^intake \(pt\), version/m,
      /^1\. Getting started {2}\(identification\)$/m,
      /^ {3}Name \* {2}\(name: one line, up to 150 characters\)$/m,
      /^If "What do you need\?" is "Technical":$/m,
      /^ {2}5\. Technical {2}\(technical_c\)$/m,
      /^ {5}I agree to anonymously share .* \(consent: a box, ticked beforehand\)$/m,
      /^ {2}If "Request subject" is "Creating a white label environment" or "Creating a seller environment":$/m,
      /^ {7}Website of the store {2}\(environment_website: a web address\)$/m,
      /^ {7}\[Back\] \[Send\]$/m,
      /^ {3}urgent: Unexpected behavior with critical store resources; All users$/m,
      /^ {5}\[Volver\] \[Enviar\]$/m,
    ])
      expect(text).toMatch(line)
    expect(text).not.toMatch(/[ \t]$/m)
  })

  test('are printed in one language, or another form, when asked', async () => {
    const { text } = await checkForms({ dir, form: 'short', locale: 'es' })
    expect(text).toMatch(/^short \(es\), version/)
    expect(text).not.toContain('(en)')
    const [, problem, , question] = /If "Tipo de problema" is (.*):\n([\s\S]*?)If "Tipo de problema" is (.*):/.exec(
      text,
    )!
    expect(problem).toBe('"La tienda enfrenta un problema o comportamiento inesperado"')
    expect(question).toMatch(/^"Tengo una duda .*" or "Quisiera solicitar una configuración"$/)
  })

  test('X19 say how the box of consent stands with the settings of the desk', async () => {
    const desk = await readFile(join(dir, 'desk.yaml'), 'utf8')
    await writeFile(join(dir, 'desk.yaml'), desk.replace('consentTicked: true', 'consentTicked: false'))
    expect((await checkForms({ dir, locale: 'en' })).text).toContain('(consent: a box)')
  })

  test('become a JSON Schema in the language asked for', async () => {
    const { text, code } = await checkForms({ dir, schema: 'intake', locale: 'pt' })
    expect(code).toBe(0)
    expect(JSON.parse(text)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { name: { title: 'Nome' } },
    })
  })

  test.each([
    [{ form: 'long' }, 'there is no form "long": use intake or short\n'],
    [{ schema: 'long' }, 'there is no form "long": use intake or short\n'],
    [{ locale: 'de' }, 'there is no language "de": use en or es or pt\n'],
  ])('are not looked for under %o', async (options, text) => {
    expect(await checkForms({ dir, ...options })).toEqual({ text, code: 2 })
  })
})

// biome-ignore lint/suspicious/noExplicitAny: see above
type Break = [what: string, file: string, change: (content: any) => void, said: RegExp]
const pageOf = (form: { pages: { key: string }[] }, key: string) => form.pages.find((page) => page.key === key) as never
const broken: Break[] = [
  [
    'X25 a label Slack cannot show',
    'es/forms/intake.json',
    (labels) => {
      labels['financial.07'] =
        'Modificación del nro. de registro de persona jurídica - Transferencia de responsabilidad contractual'
    },
    /es\/forms\/intake\.json: financial\.07 text has 100 characters, 75 can be shown: split it into "text", "joint" and "description"/,
  ],
  [
    'a missing translation',
    'pt/forms/intake.json',
    (labels) => delete labels['users.all'],
    /pt\/forms\/intake\.json: users\.all is missing: the form asks for this label, so write it/,
  ],
  [
    'a label left over',
    'es/forms/intake.json',
    (labels) => {
      labels.colour = 'Color'
    },
    /es\/forms\/intake\.json: colour is the label of nothing in the form: take it out/,
  ],
  [
    'a branch that asks nothing',
    'forms/intake.json',
    (form) => {
      form.pages = form.pages.filter(({ key }: { key: string }) => !key.startsWith('financial'))
      delete form.fields.financial
      form.roles.subject = ['subject', 'commercial']
    },
    /forms\/intake\.json: branch\.financial is a branch without a page of its own/,
  ],
  [
    'a page nobody reaches',
    'forms/intake.json',
    (form) => {
      ;(pageOf(form, 'technical_b') as { showWhen: object }).showWhen = { branch: ['technical'], financial: ['01'] }
      form.pages.push(form.pages.splice(3, 1)[0])
    },
    /forms\/intake\.json: pages\.technical_b can never be reached/,
  ],
  [
    'a field nobody sees',
    'forms/intake.json',
    (form) => {
      form.fields.experience.showWhen = { branch: ['financial'] }
    },
    /forms\/intake\.json: pages\.technical_c\.experience can never be shown there/,
  ],
  [
    'a condition on what is not asked before',
    'forms/intake.json',
    (form) => {
      form.fields.subject.showWhen = { impact: ['critical'] }
    },
    /forms\/intake\.json: subject\.showWhen names "impact", which is no choice on an earlier page/,
  ],
  [
    'an option twice',
    'forms/intake.json',
    (form) => form.fields.users.options.push('all'),
    /forms\/intake\.json: users has the option "all" twice: take one out/,
  ],
  [
    'two options that read the same',
    'en/forms/intake.json',
    (labels) => {
      labels['users.all'] = labels['users.admin']
    },
    /en\/forms\/intake\.json: users\.all reads the same as users\.admin: nobody could tell them apart/,
  ],
  [
    'two questions of one page that read the same',
    'en/forms/intake.json',
    (labels) => {
      labels.users.text = labels.impact.text
    },
    /en\/forms\/intake\.json: users reads the same as impact on the page technical_b: nobody could tell them apart/,
  ],
  [
    'in a form that extends another, an answer that is no option',
    'forms/short.json',
    (form) => {
      form.fields.impact.showWhen.problem_type = ['9']
    },
    /forms\/short\.json: impact\.showWhen names "problem_type\.9", which is no option/,
  ],
  [
    'a form that extends one that extends',
    'forms/short.json',
    (form) => {
      form.extends = 'short'
    },
    /forms\/short\.json: extends names "short", which extends another form itself/,
  ],
  [
    'a ticket that lacks a subject when a question is left open',
    'forms/intake.json',
    (form) => {
      form.fields.problem_type.required = false
      form.fields.subject.showWhen = { problem_type: ['1', '2', '3'] }
      const [first, second] = [pageOf(form, 'technical_a'), pageOf(form, 'technical_b')] as { fields: string[] }[]
      first!.fields = ['problem_type']
      second!.fields.push('subject')
    },
    /forms\/intake\.json: roles\.subject is not asked and required on the way with branch\.technical, problem_type left open/,
  ],
  [
    'a placeholder where nothing can show it',
    'pt/forms/intake.json',
    (labels) => {
      labels.users.placeholder = 'Escolha'
    },
    /pt\/forms\/intake\.json: users has a placeholder, which is not shown here/,
  ],
  [
    'a form that was copied and kept its name',
    'forms/short.json',
    (form) => {
      form.name = 'intake'
    },
    /forms\/short\.json: name is "intake", the file's is another/,
  ],
  [
    'a number whose limits are the wrong way round',
    'forms/intake.json',
    (form) => {
      form.fields.subject = { kind: 'number', required: true, decimals: false, min: 2, max: 1 }
    },
    /forms\/intake\.json: fields\.subject is wrong: min is above max/,
  ],
]

test.each(broken)('names %s', async (_, file, change, said) => {
  await edit(file, change)
  const { text, code } = await checkForms({ dir })
  expect(code).toBe(1)
  expect(text).toMatch(said)
  const lines = text.trimEnd().split('\n')
  expect(new Set(lines).size).toBe(lines.length)
})

test.each([
  ['es/forms/intake.json', '"users.all": {', '"users.all": "Todo el mundo", "users.all": {', 'users.all'],
  ['es/forms/intake.json', '"hint": "Tu nombre', '"hint": "Nombre", "hint": "Tu nombre', 'name.hint'],
  ['forms/intake.json', '"users": { "kind"', '"users": { "kind": "text" }, "users": { "kind"', 'fields.users'],
  ['forms/short.json', '"impact": {', '"impact": {}, "impact": {', 'fields.impact'],
])('names what is written twice in %s, where one would be lost without a word', async (file, from, to, key) => {
  const content = await readFile(join(dir, file), 'utf8')
  await writeFile(join(dir, file), content.replace(from, to))
  const { text, code } = await checkForms({ dir })
  expect({ text, code }).toMatchObject({ code: 1, text: expect.stringContaining(`${file}: ${key} is there twice`) })
})

test('names a language that has no words of the form', async () => {
  await rm(join(dir, 'pt/forms/intake.json'))
  expect(await checkForms({ dir })).toMatchObject({
    code: 1,
    text: expect.stringMatching(/pt\/forms\/intake\.json: is missing/),
  })
})

test('leaves an exit code that a pipeline can stop at', async () => {
  const run = promisify(execFile)
  const env = { ...process.env, TEMPLATES_DIR: dir, INIT_CWD: undefined }
  const said = await run(process.execPath, ['src/cli/forms-check.ts', '--locale', 'en'], { env })
  expect(said.stdout).toMatch(/^intake \(en\)/)
  await edit('en/forms/intake.json', (labels) => delete labels.name)
  await expect(run(process.execPath, ['src/cli/forms-check.ts'], { env })).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('name is missing'),
  })
  await expect(run(process.execPath, ['src/cli/forms-check.ts', '--what'], { env })).rejects.toMatchObject({ code: 2 })
})
