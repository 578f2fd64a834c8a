import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Templates, Words } from '../templates.ts'
import { style } from './style.ts'

export type Html = HtmlEscapedString

/** What a page needs besides its own words. `lang` is the language its words are in. */
export interface Frame {
  companyName: string
  lang: string
  title: string
}

/** A whole page around `content`: one column, a phone's width upwards, light and dark, nothing loaded, no script. */
export function page({ companyName, lang, title }: Frame, content: Html): Html {
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${companyName}</title>
<style>${raw(style)}</style>
</head>
<body>
<header class="company">${companyName}</header>
<main>
${content}
</main>
</body>
</html>
` as Html
}

/** A page that only says something and what to do next: `web.<name>-title` above `web.<name>`. */
export function noticePage(
  parts: { templates: Templates; companyName: string },
  locale: string,
  name: string,
  params: Record<string, string> = {},
): Html {
  const words: Words = parts.templates.words(locale)
  const title = words(`web.${titled.has(name) ? name : 'refused'}-title`)
  const frame = { companyName: parts.companyName, lang: spoken(locale, parts.templates.locales), title }
  return page(frame, html`<h1>${title}</h1>\n<p>${words(`web.${name}`, params)}</p>` as Html)
}

const titled = new Set(['not-found', 'refused', 'error', 'in-slack'])

/** Which of our languages a reader of `locale` gets. */
export function spoken(locale: string, ours: string[]): string {
  const wanted = locale.replaceAll('_', '-').toLowerCase()
  const find = (tag: string) => ours.find((known) => known.toLowerCase() === tag)
  return find(wanted) ?? find(wanted.split('-')[0] ?? '') ?? 'en'
}
