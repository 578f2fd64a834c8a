import type { ReaderAct } from '../ticket/readers.ts'

/** What can be asked for after the command, by name; `command.word.<name>` holds its words in each language. */
export const subcommands = ['mine', 'search', 'show', 'reply', 'solve', 'reopen', 'follow-up', 'rate', 'help'] as const
export type Subcommand = (typeof subcommands)[number]

/** Words of every language, folded, with what they mean; some are several, such as "mis solicitudes". */
export type Vocabulary = Map<string, Subcommand>

/** What somebody means by what they typed after the command. */
export type Asked =
  | { kind: 'form'; about: string }
  | { kind: 'mine' | 'help' }
  /** Help with something: articles about it, or the request that these words are about. */
  | { kind: 'articles'; search: string; about: string }
  | { kind: 'search'; search: string }
  | { kind: 'show'; number: number }
  | { kind: 'act'; act: ReaderAct; number: number; rest: string }
  /** One letter away from something that would make sense: `meant` is what they may have wanted to type. */
  | { kind: 'near'; meant: string; about: string }

/** Understands what was typed in any of the languages. Words that are no subcommand are what the request is about. */
export function readSubcommand(typed: string, vocabulary: Vocabulary): Asked {
  const about = typed.trim()
  const number = numberAt(about)
  if (number && number.rest === '') return { kind: 'show', number: number.value }
  const whole = vocabulary.get(folded(about).replace(/\s+/g, ' '))
  if (whole === 'mine') return { kind: whole } // the only one that is said in several words, too
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(about) ?? []
  const known = vocabulary.get(folded(word))
  if (known === 'help' && rest !== '') return { kind: 'articles', search: rest, about }
  const asked = known && means(known, rest)
  if (asked) return asked
  const near = known
    ? undefined
    : [...vocabulary].find(([each, name]) => isNear(folded(word), each) && means(name, rest))
  return near ? { kind: 'near', meant: `${near[0]} ${rest}`.trim(), about } : { kind: 'form', about }
}

/** Letters without accents and capitals: how words are compared. */
export function folded(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
}

/** The subcommand with what follows it, or undefined where that makes no sense: "mine is broken" is a subject, "mine" is not. */
function means(name: Subcommand, rest: string): Asked | undefined {
  if (name === 'mine' || name === 'help') return rest === '' ? { kind: name } : undefined
  if (name === 'search') return rest === '' ? undefined : { kind: 'search', search: rest }
  const number = numberAt(rest)
  if (!number) return undefined
  if (name === 'show') return number.rest === '' ? { kind: 'show', number: number.value } : undefined
  return { kind: 'act', act: name, number: number.value, rest: number.rest }
}

function numberAt(text: string): { value: number; rest: string } | null {
  const found = /^#?(\d{1,15})(?:\s+(.*))?$/s.exec(text)
  return found ? { value: Number(found[1]), rest: found[2]?.trim() ?? '' } : null
}

/** One letter too many, too few, wrong, or two that changed places; in words long enough to be meant. */
function isNear(typed: string, word: string): boolean {
  if (typed.length < 4 || word.length < 4 || Math.abs(typed.length - word.length) > 1) return false
  let at = 0
  while (at < typed.length && typed[at] === word[at]) at++
  const [left, right] = [typed.slice(at), word.slice(at)]
  if (typed.length !== word.length) return left.slice(1) === right || left === right.slice(1)
  const isSwapped = left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2)
  return isSwapped || left.slice(1) === right.slice(1)
}
