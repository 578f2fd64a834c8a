import type { ComponentChildren } from 'preact'
import { html } from '../html.ts'
import { fullMoment, slackDate } from '../moment.ts'
import { withEmoji } from './emoji.ts'
import type { Reader } from './reader.ts'

/**
 * Slack's mrkdwn as it shows on screen (docs.slack.dev/messaging/formatting-message-text). What it yields is text nodes
 * and elements, never markup: whatever somebody wrote stays text.
 */
export function mrkdwn(source: string, reader: Reader): ComponentChildren {
  const out: ComponentChildren[] = []
  // Code fences first: nothing inside them means anything.
  for (const [index, part] of source.split(/```\n?([\s\S]*?)\n?```/).entries()) {
    if (index % 2) out.push(html`<pre class="code">${decode(part)}</pre>`)
    else if (part) out.push(...lines(part, reader))
  }
  return out
}

function lines(source: string, reader: Reader): ComponentChildren[] {
  const out: ComponentChildren[] = []
  let quote: string[] = []
  const endQuote = () => {
    if (quote.length) out.push(html`<blockquote>${withBreaks(quote, reader)}</blockquote>`)
    quote = []
  }
  let plain: string[] = []
  const endPlain = () => {
    if (plain.length) out.push(...withBreaks(plain, reader))
    plain = []
  }
  for (const line of source.split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/s.exec(line)
    if (quoted) {
      endPlain()
      quote.push(quoted[1] ?? '')
    } else {
      endQuote()
      plain.push(line)
    }
  }
  endQuote()
  endPlain()
  return out
}

function withBreaks(rows: string[], reader: Reader): ComponentChildren[] {
  return rows.flatMap((row, index) => (index ? [html`<br />`, ...inline(row, reader)] : inline(row, reader)))
}

const marks: Record<string, string> = { '*': 'strong', _: 'em', '~': 's' }

/** One line: <…> tokens, `code`, *bold*, _italic_, ~strike~, bare links, :emoji:. */
function inline(source: string, reader: Reader): ComponentChildren[] {
  const found =
    /<([^<>]+)>|`([^`]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)(.*?\S)\3(?![\p{L}\p{N}])|\bhttps?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"]/u.exec(
      source,
    )
  if (!found) return [decode(withEmoji(source))]
  const [whole, token, code, mark, marked] = found
  const before = source.slice(0, found.index)
  const after = source.slice(found.index + whole.length)
  let middle: ComponentChildren
  if (token !== undefined) middle = tokenOf(token, reader)
  else if (code !== undefined) middle = html`<code>${decode(code)}</code>`
  else if (mark && marked !== undefined) middle = html`<${marks[mark]}>${inline(marked, reader)}<//>`
  else middle = link(decode(whole), decode(whole))
  return [...(before ? inline(before, reader) : []), middle, ...(after ? inline(after, reader) : [])]
}

function tokenOf(token: string, reader: Reader): ComponentChildren {
  const [target = '', label] = splitOnce(token, '|')
  if (target.startsWith('@')) {
    const person = reader.nameOf(target.slice(1))
    return html`<span class=${target.slice(1) === reader.me ? 'mention me' : 'mention'}>@${person ?? label ?? target.slice(1)}</span>`
  }
  if (target.startsWith('#')) return html`<span class="mention">#${label || reader.channelName(target.slice(1))}</span>`
  if (target.startsWith('!date^')) return date(target, label, reader)
  if (target.startsWith('!subteam^')) return html`<span class="mention">${label ?? '@group'}</span>`
  if (target.startsWith('!')) return html`<span class="mention me">@${target.slice(1)}</span>`
  return link(decode(target), label ? decode(withEmoji(label)) : decode(target).replace(/^mailto:/, ''))
}

function date(target: string, fallback: string | undefined, reader: Reader): ComponentChildren {
  const [, epoch, pattern, url] = target.split('^')
  const seconds = Number(epoch)
  if (!Number.isFinite(seconds) || !pattern) return fallback ?? ''
  const at = new Date(seconds * 1000)
  const said = slackDate(seconds, pattern, reader.now, reader.viewer)
  const shown = html`<time datetime=${at.toISOString()} title=${fullMoment(at, reader.viewer)}>${said}</time>`
  return url ? link(url, shown) : shown
}

/** A link that leaves the page; anything but http, https and mailto stays text. */
export function link(url: string, label: ComponentChildren): ComponentChildren {
  if (!/^(https?:|mailto:)/i.test(url)) return label
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${label}</a>`
}

/** Slack escapes exactly three characters. */
export function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

function splitOnce(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
