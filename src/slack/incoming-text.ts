import { withEmoji } from './emoji.ts'

/**
 * What somebody wrote in Slack, as plain text: message events arrive with `& < >` as entities, with links and mentions
 * in angle brackets and with emoji by name (docs.slack.dev/messaging/formatting-message-text). Undone exactly once, here.
 */
export function incomingText(text: string): string {
  return text
    .split(special)
    .map((part, index) => (index % 2 === 0 ? withEmoji(part) : withLinks(part)))
    .join('')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()
}

// Code, where a name between colons is just that, and whatever stands in angle brackets.
const special = /(```[\s\S]*?```|`[^`\n]+`|<[^<>]*>)/

function withLinks(text: string): string {
  return text.replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label?: string) => link(target, label))
}

function link(target: string, label: string | undefined): string {
  if (/^[@#!]/.test(target)) return label ? `${target[0]}${label.replace(/^[@#]/, '')}` : target.replace('!', '@')
  const address = target.replace(/^mailto:/, '')
  return !label || label === address || label === target ? address : `${label} (${address})`
}
