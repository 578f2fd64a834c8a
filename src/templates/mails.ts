import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Liquid } from 'liquidjs'
import type { Params, Words } from '../templates.ts'
import { escapeHtml, prose, SafeHtml } from './prose.ts'

export interface Rendered {
  subject: string
  text: string
  html: string
}

type RenderMail = (
  name: string,
  locale: string,
  params: Record<string, unknown>,
  say: Words,
  moment: (at: Date) => string,
) => { text: string; html: string }

/**
 * Renders mails from templates/mail, whose words come from the labels; templates/<locale>/mail/<same name> replaces a
 * file for one language. Everything is read here, once: rendering touches no disk. Throws an Error that names the file
 * and line when a template does not parse, or lacks a parameter.
 */
export function loadMails(dir: string, locales: string[]): RenderMail {
  const engines = new Map(
    locales.map((locale) => [locale, { text: engine(dir, locale), html: engine(dir, locale, true) }]),
  )
  return (name, locale, params, say, moment) => {
    const found = engines.get(locale)
    if (!found) throw new Error(`there is no folder templates/${locale}`)
    const scope = { ...params, locale }
    const options = { globals: { say, moment } }
    const text = found.text.renderFileSync(`${name}.txt.liquid`, scope, options)
    return {
      text: `${text.trim()}\n`,
      html: `${found.html.renderFileSync(`${name}.html.liquid`, scope, options).trim()}\n`,
    }
  }
}

/** The template files that a locale uses, by name: the common ones, and over them its own. */
export function mailFiles(dir: string, locale: string): Map<string, { path: string; content: string }> {
  const folders = [join(dir, 'mail'), join(dir, locale, 'mail')].filter((folder) => existsSync(folder))
  return new Map(
    folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.(txt|html)\.liquid$/.test(name))
        .map((name) => [name, { path: join(folder, name), content: readFileSync(join(folder, name), 'utf8') }]),
    ),
  )
}

/** Html is escaped here and only here: every output that is not already `SafeHtml`. There is no `raw`. */
export function engine(dir: string, locale: string, isHtml = false): Liquid {
  const files = [...mailFiles(dir, locale)].map(([name, { content }]) => [name, content])
  const liquid = new Liquid({
    templates: Object.fromEntries(files),
    cache: true,
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    outputEscape: isHtml
      ? (value) => (value instanceof SafeHtml ? value.html : escapeHtml(String(value ?? '')))
      : undefined,
  })
  const said = (context: { globals: object }) => context.globals as { say: Words; moment: (at: Date) => string }
  liquid.registerFilter('say', function (key: string, ...params: [string, unknown][]) {
    return said(this.context).say(key, Object.fromEntries(params) as Params)
  })
  liquid.registerFilter('moment', function (at: Date) {
    return said(this.context).moment(at)
  })
  liquid.registerFilter('prose', prose)
  liquid.registerFilter('quote', (text: string) => text.replace(/^/gm, '> ').replace(/^> $/gm, '>'))
  liquid.registerFilter('wrap', wrap)
  liquid.registerFilter('raw', () => {
    throw new Error('templates escape everything: there is no raw')
  })
  return liquid
}

// RFC 5322 §2.1.1 recommends 78 characters; two are left for a quote mark.
const COLUMNS = 76

/** Our own sentences in lines of at most 76 columns; a longer word, such as a link, stays whole. */
function wrap(text: string): string {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length < COLUMNS) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}
