import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readForm } from '../../src/form-file.ts'

// A form is edited by people: what they get wrong is said with file, key and what to do, before anybody opens it.
// biome-ignore lint/suspicious/noExplicitAny: these tests break the shape of the file on purpose
type Json = Record<string, any>

const shippedForm = await readFile('templates/forms/intake.json', 'utf8')
const shippedLabels = await readFile('templates/en/forms/intake.json', 'utf8')

test('the shipped form can be shown in Slack', async () => {
  expect(await troubleWith(() => {})).toBe('')
})

describe('what Slack cannot show is refused', () => {
  test('the label of 76 characters as one option text, with the advice to split it', async () => {
    const trouble = await troubleWith((_, labels) => {
      labels['financial.07'] = 'Changing the company registration number – Transfer of contractual liability'
    })
    expect(trouble).toMatch(/en\/forms\/intake\.json: financial\.07 text has 76 characters, 75 can be shown: split it/)
  })

  test('a name of the company that makes a label too long', async () => {
    expect(await troubleWith(() => {}, 'x'.repeat(70))).toMatch(/financial\.12 text has 78 characters/)
  })

  test('characters as they are sent: an ampersand counts five', async () => {
    const trouble = await troubleWith((_, labels) => {
      labels['branch.technical'] = `${'x'.repeat(72)}&`
    })
    expect(trouble).toMatch(/branch\.technical text has 77 characters/)
  })

  test.each([
    ['a title', 'page.choice', 25, /page\.choice text has 25 characters, 24/],
    ['a button', 'button.send', 25, /button\.send text has 25 characters, 24/],
    ['a question', 'subject', 2001, /subject text has 2001 characters, 2000/],
  ])('%s that is too long', async (_, key, length, text) => {
    const trouble = await troubleWith((_, labels) => {
      labels[key] = 'x'.repeat(length)
    })
    expect(trouble).toMatch(text)
  })

  test('a placeholder over 150 and a description over 75 characters', async () => {
    const trouble = await troubleWith((_, labels) => {
      labels.financial.placeholder = 'x'.repeat(151)
      labels['branch.technical'].description = 'x'.repeat(76)
    })
    expect(trouble).toMatch(/financial placeholder has 151/)
    expect(trouble).toMatch(/branch\.technical description has 76/)
  })

  test('eleven radio buttons, with the advice to use a select', async () => {
    const trouble = await troubleWith((form) => {
      form.fields.financial.kind = 'radio'
    })
    expect(trouble).toMatch(/financial has 12 options, 1 to 10 can be shown: use kind "select"/)
  })

  test('more than 3000 characters of an answer, or more than ten files', async () => {
    const trouble = await troubleWith((form) => {
      form.fields.description.maxLength = 3001
      form.fields.file.maxFiles = 11
    })
    expect(trouble).toMatch(/fields\.description\.maxLength is wrong/)
    expect(trouble).toMatch(/fields\.file\.maxFiles is wrong/)
  })
})

describe('words that do not fit the form are named', () => {
  test.each([
    ['missing', (labels: Json) => delete labels['users.all'], /users\.all is missing/],
    ['of nothing', (labels: Json) => (labels['users.nobody'] = 'x'), /users\.nobody is the label of nothing/],
    ['empty', (labels: Json) => (labels.name = ' '), /name has an empty text/],
    ['with a placeholder nobody fills', (labels: Json) => (labels.name = '{compny}'), /name contains \{compny\}/],
    [
      'the same twice',
      (labels: Json) => (labels['users.all'] = labels['users.admin']),
      /users\.all reads the same as users\.admin/,
    ],
    [
      'where no description is shown',
      (labels: Json) => (labels.impact.description = 'x'),
      /impact has a description, which is not shown/,
    ],
  ])('a label %s', async (_, change, text) => {
    expect(await troubleWith((_, labels) => void change(labels))).toMatch(text)
  })
})

describe('ways that lead nowhere are named', () => {
  test.each([
    [
      'a condition on an option that is not there',
      (form: Json) => (pageOf(form, 'technical_a').showWhen = { branch: ['tecnical'] }),
      /pages\.technical_a\.showWhen names "branch\.tecnical", which is no option/,
    ],
    [
      'a condition on a later page',
      (form: Json) => (form.fields.account.showWhen = { branch: ['technical'] }),
      /account\.showWhen names "branch", which is no choice on an earlier page/,
    ],
    [
      'a page nobody can reach',
      (form: Json) => (pageOf(form, 'commercial_b').showWhen = { branch: ['technical'], commercial: ['1'] }),
      /pages\.commercial_b can never be reached/,
    ],
    [
      'a field nobody can see',
      (form: Json) => (form.fields.impact.showWhen = { branch: ['financial'] }),
      /pages\.technical_b\.impact can never be shown/,
    ],
    [
      'a branch that asks nothing',
      (form: Json) => {
        form.pages.splice(5, 2)
        form.roles.subject = ['subject', 'commercial']
        delete form.fields.financial
      },
      /branch\.financial is a branch without a page/,
    ],
    ['a question asked twice', (form: Json) => pageOf(form, 'technical_a').fields.push('name'), /name is asked twice/],
    [
      'a ticket without a subject',
      (form: Json) => (form.fields.subject.required = false),
      /roles\.subject is not asked and required on the way with branch\.technical/,
    ],
    ['an option twice', (form: Json) => form.fields.users.options.push('all'), /users has the option "all" twice/],
    ['a field on no page', (form: Json) => pageOf(form, 'technical_c').fields.pop(), /fields\.consent is on no page/],
    [
      'a field that is not there',
      (form: Json) => pageOf(form, 'choice').fields.push('region'),
      /names the field "region"/,
    ],
    [
      'a page twice',
      (form: Json) => (pageOf(form, 'technical_b').key = 'technical_a'),
      /pages\.technical_a is there twice/,
    ],
    [
      'a role without a field',
      (form: Json) => (form.roles.impact = 'severity'),
      /roles\.impact names "severity", which no page asks/,
    ],
    [
      'a role of another kind',
      (form: Json) => (form.roles.consent = 'users'),
      /roles\.consent names "users", which is of kind "radio"/,
    ],
    [
      'a priority that is not said',
      (form: Json) => delete form.priority.byImpactAndUsers.critical.all,
      /byImpactAndUsers\.critical\.all is missing/,
    ],
    [
      'a priority of nothing',
      (form: Json) => (form.priority.byImpactAndUsers.critical.robots = 'low'),
      /critical\.robots is no combination/,
    ],
  ])('%s', async (_, change, text) => {
    expect(await troubleWith((form) => void change(form))).toMatch(text)
  })
})

describe('a file that cannot be read', () => {
  test('is named when it is missing', async () => {
    await expect(readForm('templates', 'xx', { company: 'VTEX' })).rejects.toThrow(
      /templates\/xx\/forms\/intake\.json: is missing: restore it/,
    )
  })

  test('is named when it is not JSON', async () => {
    const trouble = await troubleWith((form) => {
      form.toJSON = () => undefined
    })
    expect(trouble).toMatch(/forms\/intake\.json: is not JSON/)
  })
})

/** What is said about the shipped form after a change to it; the empty string when nothing is wrong. */
async function troubleWith(change: (form: Json, labels: Json) => void, company = 'VTEX'): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'form-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const [form, labels] = [JSON.parse(shippedForm), JSON.parse(shippedLabels)]
  change(form, labels)
  await mkdir(join(dir, 'forms'))
  await mkdir(join(dir, 'en/forms'), { recursive: true })
  await writeFile(join(dir, 'forms/intake.json'), JSON.stringify(form) ?? '{')
  await writeFile(join(dir, 'en/forms/intake.json'), JSON.stringify(labels))
  return readForm(dir, 'en', { company }).then(
    () => '',
    (error) => error.message,
  )
}

function pageOf(form: Json, key: string): Json {
  return form.pages.find((page: Json) => page.key === key)
}
