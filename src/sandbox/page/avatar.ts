import { html } from './html.ts'

/** A person's initials on a colour of their own; the app's mark for the app. */
export function Avatar({
  id,
  name,
  bot = false,
  size = 36,
}: {
  id: string
  name: string
  bot?: boolean
  size?: number
}) {
  const style = { width: `${size}px`, height: `${size}px`, fontSize: `${Math.round(size * 0.4)}px`, '--hue': hueOf(id) }
  if (bot) return html`<img class="avatar" src="/sandbox/assets/icon.svg" alt="" style=${style} />`
  return html`<span class="avatar" style=${style} aria-hidden="true">${initials(name)}</span>`
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const first = [...(words[0] ?? name)][0] ?? '?'
  const last = words.length > 1 ? [...(words.at(-1) ?? '')][0] : ''
  return (first + (last ?? '')).toUpperCase()
}

/** Far enough apart for the sample people, by Slack id and by mail address alike. */
const hues: Record<string, number> = { ada: 295, bruno: 45, kofi: 235, lucia: 10 }

function hueOf(id: string): number {
  const known = hues[id.replace(/^U0|@.*$/g, '').toLowerCase()]
  if (known !== undefined) return known
  let sum = 7
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 360
  return sum
}
