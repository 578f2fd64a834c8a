/**
 * What somebody wrote in Slack, as plain text: message events arrive with `& < >` as entities and with links and
 * mentions in angle brackets (docs.slack.dev/messaging/formatting-message-text). Undone exactly once, here.
 */
export function incomingText(text: string): string {
  return text
    .replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label?: string) => link(target, label))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()
}

function link(target: string, label: string | undefined): string {
  if (/^[@#!]/.test(target)) return label ? `${target[0]}${label.replace(/^[@#]/, '')}` : target.replace('!', '@')
  const address = target.replace(/^mailto:/, '')
  return !label || label === address || label === target ? address : `${label} (${address})`
}
