import type { Answers, Form } from './form.ts'
import { waysThrough } from './form-ways.ts'

/** Where somebody stands: this page is the `step`th, counted from 1, of at least `least` and at most `most`. */
export interface Progress {
  step: number
  least: number
  most: number
}

// Of a form with more ways than this nobody is helped by an exact count.
const MOST_WAYS = 200

/** How far somebody has come who is shown this page; how long the way is depends on what they answer yet. */
export function progressAt(form: Form, page: string, answers: Answers): Progress {
  const ways = waysThrough(form, answers, MOST_WAYS)
    .map(({ pages }) => pages.map(({ key }) => key))
    .filter((way) => way.includes(page))
  const lengths = ways.map((way) => way.length)
  const step = Math.max(1, ...ways.map((way) => way.indexOf(page) + 1))
  return { step, least: lengths.length > 0 ? Math.min(...lengths) : step, most: Math.max(step, ...lengths) }
}
