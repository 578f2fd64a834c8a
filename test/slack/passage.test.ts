import { expect, test } from 'vitest'
import { findLines, passageText } from '../../src/slack/passage.ts'

const lines = (...texts: string[]) => texts.map((text, n) => ({ ts: `${n}`, text, begun: text }))
const line = (ts: number) => ({ ts: `${ts}` })

test.each([
  ['as they were put there', 'a\nb', lines('a', 'b'), [line(0), line(1)]],
  ['after what was typed before, with the same words', 'a\nb\n\na\nb', lines('a', 'b'), ['a\nb\n', line(0), line(1)]],
  ['with words in between', 'x\na\ny\nb\nz', lines('a', 'b'), ['x', line(0), 'y', line(1), 'z']],
  ['each of those with the same words in its turn', 'a\na\nx', lines('a', 'a'), [line(0), line(1), 'x']],
  ['of several rows', 'a\n\nb\nc', lines('a\n\nb', 'c'), [line(0), line(1)]],
  ['only as whole rows', 'an apple\nb', lines('a', 'b'), ['an apple', line(1)]],
  ['not where they were taken out', 'x', lines('a', 'b'), ['x']],
  ['as they were when the text was begun', 'teh a', [{ ts: '0', text: 'the a', begun: 'teh a' }], [line(0)]],
  ['as they are, where the text was mended too', 'the a', [{ ts: '0', text: 'the a', begun: 'teh a' }], [line(0)]],
  ['a file behind the line before it', 'a\nx', lines('a', ''), [line(0), line(1), 'x']],
  ['in no words at all', '', lines('a'), ['']],
])('lines are found %s', (_, text, words, passage) => {
  expect(findLines(text, words)).toEqual(passage)
})

test('what is found in a text reads as the text does, until a line changes', () => {
  const words = lines('a', 'b', '', 'a')
  const text = 'Hello\n\na\nb\nbetween\na\n\nBye'
  const passage = findLines(text, words)
  expect(passageText(passage, words)).toBe(text)
  const changed = words.map((each) => (each.ts === '2' ? { ...each, text: 'c' } : each)).slice(1)
  expect(passageText(passage, changed)).toBe('Hello\n\nb\nc\nbetween\na\n\nBye')
})
