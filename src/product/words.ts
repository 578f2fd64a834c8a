import { readDeskFile } from '../desk-file.ts'
import { type ReadForm, readWholeForm } from '../form-file.ts'
import { SettingError } from '../setting-error.ts'
import { checkTemplates, loadTemplates, type Templates } from '../templates.ts'
import type { WholeForm } from '../ticket/form.ts'
import type { Questionnaire } from '../ticket/questions.ts'
import { accountsOf, type DeskFile, timeZoneOf } from '../ticket/routing.ts'
import { problemOf } from './problem-of.ts'

/** What the templates folder holds: how this desk is organised, what it asks, and everything it says. */
export interface Words {
  deskFile: DeskFile
  companyName: string
  /** The questionnaire with its English words, and with those of every language. */
  intake: ReadForm
  wholeForm: WholeForm
  templates: Templates
  questionnaire: Questionnaire
}

/** Reads and checks all of it. Throws a SettingError, DeskFileError or FormError that says what to put right, and where. */
export async function readWords(settings: {
  templatesDir: string
  companyName?: string | undefined
  log: { warn(fields: object, message: string): void }
}): Promise<Words> {
  const { templatesDir, log } = settings
  await checkWords(templatesDir)
  const deskFile = await readDeskFile(templatesDir)
  const companyName = settings.companyName ?? deskFile.company
  const onMissing = (problem: string) => log.warn({ problem }, 'words are missing')
  const templates = await loadTemplates(templatesDir, onMissing, timeZoneOf(deskFile, deskFile.defaultRegion))
  const { form: name, consentTicked } = deskFile
  const wholeForm = await readWholeForm(templatesDir, templates.locales, { company: companyName, name, consentTicked })
  const { form, labels } = wholeForm
  const questionnaire: Questionnaire = {
    form,
    labels,
    accountsOf: (address) => accountsOf(deskFile, address ?? ''),
  }
  return { deskFile, companyName, intake: { form, labels: labels.en! }, wholeForm, templates, questionnaire }
}

/** Throws a SettingError that lists everything wrong with the words in `dir`. */
async function checkWords(dir: string): Promise<void> {
  const problems = await checkTemplates(dir).catch((error) => {
    throw new SettingError(
      `TEMPLATES_DIR is ${dir}, where the templates cannot be read (${problemOf(error)}): it is the folder templates of Deskhand, or your copy of it`,
      { cause: error },
    )
  })
  if (problems.length === 0) return
  const lines = problems.map(({ file, key, what }) => `  ${file}: ${key} ${what}`)
  throw new SettingError(`The templates in TEMPLATES_DIR are not complete:\n${lines.join('\n')}`)
}
