import { expect, test } from 'vitest'
import { snippetOf } from '../../src/ticket/article.ts'

test('the line shown of an article is a whole sentence, from its beginning, with most of the words looked for', () => {
  const text =
    'Open the store again.\nLook at what changed last: a script in the checkout is behind most. Take it back.'
  expect(snippetOf(text, ['checkout', 'script'])).toBe(
    'Look at what changed last: a script in the checkout is behind most.',
  )
})
