import type { WebClient } from '@slack/web-api'
import type { Clock } from '../clock.ts'
import type { Database } from '../store/database.ts'
import { homeOpened, homeViewOf, saveHomeView } from '../store/home-views.ts'
import type { HistoryView } from '../ticket/history.ts'
import { inTime } from './in-time.ts'
import { createTurns } from './in-turn.ts'
import type { RecentReaders } from './recent-readers.ts'
import type { Renderer } from './render.ts'
import { homeLoading } from './views/home.ts'

/** Draws people's App Homes: whoever asks for it, what is seen last is what is true, on the page its reader chose. */
export interface Home {
  publish(contactId: number, userId: string): Promise<void>
  /** Somebody opened it: the same, and after a break they begin afresh. */
  open(contactId: number, userId: string): Promise<void>
  /** Somebody looks at something else in it. */
  change(contactId: number, userId: string, choose: (view: HistoryView) => HistoryView): Promise<void>
}

/** After this a Home says that it is being looked up. */
export const HOME_PATIENCE_MS = 1_000

export function createHome(parts: {
  client: WebClient
  database: Database
  render: Renderer
  clock: Clock
  readers: RecentReaders
}): Home {
  const { client, database, render, clock, readers } = parts
  // A page drawn in the background must not come after, and over, the one its reader turned to meanwhile.
  const inTurn = createTurns()

  const draw = async (contactId: number, userId: string, before: () => Promise<unknown> = async () => {}) => {
    const work = before().then(() => render.home(contactId))
    const quick = await inTime(work, HOME_PATIENCE_MS)
    if (quick === 'late')
      await client.views.publish({ user_id: userId, view: homeLoading(render.requesterContext(readers.of(userId))) })
    await client.views.publish({ user_id: userId, view: await work })
  }
  return {
    publish: (contactId, userId) => inTurn(String(contactId), () => draw(contactId, userId)),
    open: (contactId, userId) =>
      inTurn(String(contactId), () => draw(contactId, userId, () => homeOpened(database, contactId, clock.now()))),
    change: (contactId, userId, choose) =>
      inTurn(String(contactId), () =>
        draw(contactId, userId, async () =>
          saveHomeView(database, contactId, choose(await homeViewOf(database, contactId)), clock.now()),
        ),
      ),
  }
}
