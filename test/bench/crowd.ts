import { sampleCompany } from '../../src/sandbox/sample-company.ts'
import { eventually, startWorld } from '../support/world.ts'
import { crowdIds } from './fill.ts'

/**
 * How long each of the crowd waits, in ms, when all open their Home, and then a request, at the same moment. `unseen`:
 * those who pressed View and saw no request within ten seconds.
 */
export async function crowd(url: string): Promise<{ Home: number[]; request: number[]; unseen: number }> {
  const people = crowdIds.map((id) => ({
    id,
    name: id.toLowerCase(),
    realName: `Client ${id}`,
    address: `${id.toLowerCase()}@crowd.bench`,
    tz: 'Europe/Berlin',
    locale: 'en-GB',
    role: 'client' as const,
  }))
  const world = await startWorld({
    mode: 'http',
    database: { url, drop: async () => {} },
    company: { ...sampleCompany, people: [...sampleCompany.people, ...people] },
  })
  try {
    const waits = { Home: [] as number[], request: [] as number[], unseen: 0 }
    for (let round = 0; round < 5; round++) {
      waits.Home.push(...(await atOnce((user) => world.slack.people.openHome(user))))
      await eventually(() => {
        for (const user of crowdIds)
          if (world.slack.state.home(user)?.callbackId !== 'home') throw new Error(`${user} has no Home`)
      }, 60_000)
      waits.request.push(
        ...(await atOnce((user) => {
          const home = world.slack.state.home(user)!
          const row = home.blocks.find(({ block_id }) => String(block_id).startsWith('home.request.'))!
          const blockId = String(row.block_id)
          return world.slack.people.click(user, { viewId: home.id }, 'request.show', { blockId })
        })),
      )
      for (const user of crowdIds) {
        const open = await eventually(() => {
          const modal = world.slack.state.modal(user)
          if (modal?.view.callbackId !== 'request.modal') throw new Error(`${user} sees no request`)
          return modal
        }).catch(() => world.slack.state.modal(user))
        if (open?.view.callbackId !== 'request.modal') waits.unseen++
        if (open) await world.slack.people.close(user, open.view.id, 'all')
      }
    }
    return waits
  } finally {
    await world.stop()
  }
}

async function atOnce(act: (user: string) => Promise<{ ok: boolean }>): Promise<number[]> {
  return Promise.all(
    crowdIds.map(async (user) => {
      const began = performance.now()
      const { ok } = await act(user)
      if (!ok) throw new Error(`${user} was not answered`)
      return performance.now() - began
    }),
  )
}
