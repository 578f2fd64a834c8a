import names from 'emojibase-data/en/shortcodes/iamcal.json' with { type: 'json' }

/**
 * The text with Slack's emoji names as characters: "Thanks :+1::skin-tone-3:" → "Thanks 👍🏼". A workspace's own emoji
 * exist as names only and stay as they are. Names: iamcal's set, which is Slack's (github.com/iamcal/emoji-data).
 */
export function withEmoji(text: string): string {
  const parts = text.split(':')
  let written = parts[0]!
  for (let i = 1; i < parts.length; i += 1) {
    const emoji = i < parts.length - 1 ? emojiOf(parts[i]!) : undefined
    if (!emoji || isClock(written, parts[i]!, parts[i + 1]!)) {
      written += `:${parts[i]}`
      continue
    }
    const tone = parts[i + 1] === '' && i + 3 < parts.length ? toneOf(parts[i + 2]!) : undefined
    if (tone) i += 2
    written += (tone ? toned(emoji, tone) : emoji) + parts[i + 1]
    i += 1
  }
  return written
}

const hexcodes = new Map(
  Object.entries(names).flatMap(([hex, shortcodes]) => [shortcodes].flat().map((name) => [name, hex] as const)),
)

function emojiOf(name: string): string | undefined {
  const hex = hexcodes.get(name)
  if (!hex) return undefined
  const emoji = String.fromCodePoint(...hex.split('-').map((code) => Number.parseInt(code, 16)))
  // A heart or a warning sign is a letter to most fonts unless it is asked to be an emoji (Unicode TR 51, 2.1).
  return /^\p{Emoji}$/u.test(emoji) && !/^\p{Emoji_Presentation}$/u.test(emoji) ? `${emoji}\ufe0f` : emoji
}

/** 12:100:30 is no 💯 between two numbers. */
function isClock(before: string, name: string, after: string): boolean {
  return /^\d+$/.test(name) && (/\d$/.test(before) || /^\d/.test(after))
}

function toneOf(name: string): string | undefined {
  return /^skin-tone-[2-6]$/.test(name) ? emojiOf(name) : undefined
}

/** The tone stands behind the person or hand it colours, which others of a sequence follow. */
function toned(emoji: string, tone: string): string {
  return emoji.replace(/(\p{Emoji_Modifier_Base})\ufe0f?/u, `$1${tone}`)
}
