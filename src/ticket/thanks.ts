import { phrases, signs } from './thanks/phrases.ts'

/** What is known around the words: without it fewer of them are taken for mere thanks. */
export interface Around {
  /** Of everybody on the ticket: thanks often name somebody, and are signed. */
  names?: string[]
  /** Whether the last answer asked something: "ok" may then say yes to it. */
  wasAsked?: boolean
}

/**
 * Whether somebody said thanks and nothing else, in English, Spanish, Portuguese, German or French, by words or emoji, with
 * a greeting, a closing and a name at most. Every word must be known to mean nothing more: a question, a number, a "but",
 * an unknown word makes it a reply, because a request that is lost is worse than a ticket opened for nothing.
 */
export function isOnlyThanks(text: string, around: Around = {}): boolean {
  if (text.length > LONGEST) return false
  const spoken = withoutSignature(text)
  if (/[?¿\d]|%|€|\$|https?:|@/.test(spoken.replace(/<3/g, ''))) return false
  const said = wordsIn(spoken)
  if (!said) return false
  const named = namesIn(around.names ?? [])
  // "OK for this" permits something; "thanks for this" does not.
  const polite = [...trimmings].filter((phrase) => !/^(?:for|por|pel[ao]s?|fur|pour|to|an?|al) /.test(phrase))
  if (around.wasAsked) return goesThrough(said, thanks, new Set([...named, ...thanks, ...trimmings]))
  const isThanks = goesThrough(said, thanks, new Set([...named, ...thanks, ...consent, ...trimmings]))
  return isThanks || goesThrough(said, consent, new Set([...named, ...thanks, ...consent, ...polite]))
}

/** Whether an answer of ours asks something that "ok" would say yes to: not whether there is anything else. */
export function asksSomething(answer: string): boolean {
  const sentences = answer.match(/[^.!?\n]*[.!?\n]?/g) ?? []
  return sentences.some((each) => each.includes('?') && !anythingElse.test(each))
}

const anythingElse =
  /anything else|something else|otra cosa|algo más|alguna otra|alguna duda|mais alguma|algo mais|alguma dúvida|noch etwas|sonst noch|autre chose|d['’]autres questions/i

/** Whether the words are nothing but known phrases, one of `core` among them. */
function goesThrough(said: string[], core: Set<string>, known: Set<string>): boolean {
  const reached: ('no' | 'plain' | 'core')[] = ['plain', ...said.map(() => 'no' as const)]
  for (const at of said.keys())
    for (let count = 1; reached[at] !== 'no' && count <= MOST_WORDS && at + count <= said.length; count += 1) {
      const phrase = said.slice(at, at + count).join(' ')
      if (!known.has(phrase)) continue
      if (reached[at] === 'core' || core.has(phrase)) reached[at + count] = 'core'
      else if (reached[at + count] === 'no') reached[at + count] = 'plain'
    }
  return reached[said.length] === 'core'
}

const LONGEST = 600

const all = Object.values(phrases)
const thanks = new Set([...all.flatMap((each) => each.thanks), ...signs.thanks])
const consent = new Set([...all.flatMap((each) => each.consent), ...signs.consent])
const trimmings = new Set(all.flatMap((each) => each.trimmings))
const MOST_WORDS = Math.max(...[...thanks, ...consent, ...trimmings].map((phrase) => phrase.split(' ').length))

/** The words in order, plain; emoji are words. Null where a character is neither a letter, a known sign nor punctuation. */
function wordsIn(text: string): string[] | null {
  const plain = text
    .replace(/(?:[:;=]-?[)D])(?=\s|$)|\^\^/g, ' 🙂 ')
    .replace(/<3/g, ' ❤ ')
    .replace(/[\u{1f3fb}-\u{1f3ff}\ufe0e\ufe0f♀♂]|\u200d/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('’', "'")
    .replace(/(\p{L})\1{2,}/gu, '$1') // thaaanks
  const words = plain.match(/[\p{L}']+(?:-[\p{L}']+)*|\p{Emoji_Presentation}|\p{Extended_Pictographic}|[^\s]/gu) ?? []
  const meant = words.filter((word) => !/^[.,;:!¡()*_~"“”«»…–—-]$/u.test(word) && word !== "'")
  return meant.every((word) => /^[\p{L}'-]+$/u.test(word) || thanks.has(word) || consent.has(word)) ? meant : null
}

/** Without what follows "-- ", and without the line that a telephone adds. */
function withoutSignature(text: string): string {
  const [said = ''] = text.split(/^-- ?$/m)
  return said
    .split('\n')
    .filter((line) => !sentFrom.test(line.trim()))
    .join('\n')
}

const sentFrom =
  /^(?:sent from my|sent from|enviado desde mi|enviado desde|enviado do meu|enviado do|von meinem|envoye de mon|envoyé de mon|envoyé depuis mon|get) (?:[\w ]{2,25}|outlook for (?:ios|android|mac))(?: gesendet)?\.?$/i

/** Whole names and each of their words, as they would be written in thanks. */
function namesIn(names: string[]): string[] {
  return names.flatMap((name) => {
    const words = wordsIn(name) ?? []
    return words.filter((word) => word.length > 1 && !doubtful.has(word))
  })
}

// Words that somebody may be called, and that turn thanks into more.
const doubtful = new Set([
  'no',
  'not',
  'but',
  'still',
  'pero',
  'mas',
  'sin',
  'aber',
  'nicht',
  'mais',
  'non',
  'nao',
  'help',
  'wait',
  'open',
  'bug',
])
