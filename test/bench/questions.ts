import type { Db } from '../../src/store/database.ts'
import { ticketInFull } from '../../src/store/in-full.ts'
import { readableTicket } from '../../src/store/readers.ts'
import { requestPage, waitingFor } from '../../src/store/requests.ts'
import { freshView, type HistoryView } from '../../src/ticket/history.ts'
import { ME } from './fill.ts'

/** A screen's question to the database, asked again and again with other values: `turn` counts them. */
export type Question = (db: Db, turn: number) => Promise<unknown>

const names = { account: () => null, group: () => 'Support', fileUrl: () => '' }
const page = (view: Partial<HistoryView>) => (db: Db) => requestPage(db, ME, { ...freshView, ...view }, 20)
const search = (words: (turn: number) => string, more: Partial<HistoryView> = {}): Question => {
  return (db, turn) => requestPage(db, ME, { ...freshView, ...more, search: words(turn) }, 20)
}
const deep = { side: 'after', id: 1, at: Date.now() - 2.9 * 365 * 86_400_000 } as const

/** Every screen that somebody outside opens. */
export const questions: Record<string, Question> = {
  'Home: mine': page({}),
  'Home: mine, oldest first': page({ oldestFirst: true }),
  'Home: mine, one status': page({ status: 'pending' }),
  'Home: mine, the last pages': page({ edge: deep }),
  'Home: CC’d on': page({ scope: 'cc' }),
  'Home: CC’d on, one status, the last pages': page({ scope: 'cc', status: 'closed', edge: deep }),
  'Home: organisation': page({ scope: 'organization' }),
  'Home: not rated yet': page({ scope: 'unrated' }),
  'Home: what waits for me': (db) => waitingFor(db, ME, 3),
  'search: a common word': search((turn) => `word${turn % 5}`),
  'search: two rarer words': search((turn) => `word${1000 + (turn % 500)} word${2000 + (turn % 400)}`),
  'search: nothing found': search((turn) => `dragon${turn}`),
  'search: the beginning of a word': search((turn) => `wor${turn % 2 ? '' : 'd29'}`),
  'search: in the organisation’s': search((turn) => `word${2500 + (turn % 400)}`, { scope: 'organization' }),
  'search: nothing found where I’m CC’d': search((turn) => `dragon${turn}`, { scope: 'cc' }),
  'search: by number': search((turn) => `#${1001 + (turn % 1000)}`),
  'search: by a number that is not mine': search((turn) => String(3001 + turn)),
  'a request opened': async (db, turn) => {
    const number = 1001 + ((turn * 37) % 1000)
    await readableTicket(db, ME, number)
    return ticketInFull(db, number, names)
  },
}
