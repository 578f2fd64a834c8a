import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The labels of one locale by full key: 'status.pending' → an ICU message. */
export type Labels = Map<string, string>

export const fallbackLocale = 'en'

/**
 * The folders of `dir` that are locales: named like a language tag (en, pt-BR) and holding labels. `forms` and `mail`
 * beside them hold structure without words.
 */
export function localesIn(dir: string): string[] {
  const folders = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const locales = folders.map((folder) => folder.name).filter((name) => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(name))
  return locales.filter((locale) => labelFiles(dir, locale).length > 0).sort()
}

/** The label files of a locale: templates/es/status.json holds the keys `status.…`. */
export function labelFiles(dir: string, locale: string): string[] {
  return readdirSync(join(dir, locale))
    .filter((name) => name.endsWith('.json'))
    .sort()
}

/**
 * The labels of one file, nested objects flattened with dots. Keys may or may not repeat the file's name as their
 * first segment. Throws an Error that names the file when it is no JSON object of strings.
 */
export function readLabels(dir: string, locale: string, file: string): Labels {
  const path = join(dir, locale, file)
  const prefix = `${file.replace(/\.json$/, '')}.`
  let tree: unknown
  try {
    tree = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path} is not valid JSON: ${(cause as Error).message}`, { cause })
  }
  const flat = flatten(tree, '', path)
  return new Map(flat.map(([key, text]) => [key.startsWith(prefix) ? key : prefix + key, text]))
}

function flatten(tree: unknown, prefix: string, path: string): [string, string][] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw new Error(`${path}: "${prefix || 'the file'}" must be an object of texts`)
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`, path),
  )
}

/**
 * The locales whose words to try, best first: the exact one, its language, English. Takes what Slack and mail give
 * (`pt_BR`, `es-419`, nothing).
 */
export function fallbackChain(locale: string | null, available: string[]): string[] {
  const wanted = (locale ?? '').replaceAll('_', '-')
  const language = wanted.split('-')[0] ?? ''
  const found = [wanted, language].flatMap((name) => available.filter((a) => a.toLowerCase() === name.toLowerCase()))
  return [...new Set([...found, fallbackLocale])]
}
