/** A word in small letters without accents, a number, or one mark of punctuation. */
export type Token = string

/** The words, numbers and marks of a text. "impact3" is two words, as is "impact 3". */
export function tokens(text: string): Token[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.match(/\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? []
}

/** The words of a text without its marks. */
export function phrase(text: string): Token[] {
  return tokens(text).filter((token) => !isMark(token))
}

export function isMark(token: Token | undefined): boolean {
  return token !== undefined && !/^[\p{L}\p{N}]/u.test(token)
}

/** Where `words` end when they stand at `at`, whatever marks are between them; null when they do not. */
export function startsWith(all: Token[], at: number, words: Token[]): number | null {
  let end = at
  for (const [n, word] of words.entries()) {
    if (n > 0) end = withoutMarks(all, end)
    if (all[end] !== word) return null
    end++
  }
  return end
}

/** The place of the next word at or after `at`. */
export function withoutMarks(all: Token[], at: number): number {
  let next = at
  while (isMark(all[next])) next++
  return next
}
