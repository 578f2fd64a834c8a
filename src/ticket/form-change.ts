import { type Answers, type Form, type Page, pagesFor } from './form.ts'
import { missing } from './form-answers.ts'

/**
 * Where a draft goes on that was begun with another version of the form, `before` (null when nobody knows it any more):
 * the page it stood at, or the first one before it that now asks for more. `hasChanged` tells whether any page its
 * author has seen is another one now; what was answered stays in the draft either way, and counts where it still fits.
 */
export function carryOver(
  before: Form | null,
  now: Form,
  draft: { page: string; answers: Answers },
): { page: string; hasChanged: boolean } {
  const path = pagesFor(now, draft.answers)
  const lacking = new Set(missing(now, draft.answers))
  const here = path.findIndex(({ key }) => key === draft.page)
  const incomplete = path.findIndex(({ fields }) => fields.some(({ key }) => lacking.has(key)))
  const at = here < 0 || (incomplete >= 0 && incomplete < here) ? Math.max(incomplete, 0) : here
  const page = path[at]!.key
  if (!before) return { page, hasChanged: page !== draft.page }
  const old = seenUpTo(draft.page, pagesFor(before, draft.answers))
  const isSame = old.every((one, index) => JSON.stringify(asked(one)) === JSON.stringify(asked(path[index])))
  return { page, hasChanged: page !== draft.page || !isSame }
}

function seenUpTo(page: string, path: Page[]): Page[] {
  return path.slice(0, path.findIndex(({ key }) => key === page) + 1)
}

/** What a page asks, without what decides whether it asks it, in an order of its own: a database keeps another one. */
function asked(page: Page | undefined): unknown {
  const sorted = ({ showWhen: _, ...field }: Page['fields'][number]) =>
    Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1))
  return page && [page.key, page.fields.map(sorted)]
}
