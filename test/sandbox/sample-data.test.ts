import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleCompany } from '../../src/sandbox/sample-company.ts'
import { addSampleData } from '../../src/sandbox/sample-data.ts'
import { startWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

test('samples that a kill cut off are finished at the next start, once, and never added again', async () => {
  const { forSamples } = world.product
  let commands = 0
  const cutOff: typeof forSamples.deskAt = (clock) => ({
    handle: (command, tx) => {
      commands += 1
      if (commands > 6) throw new Error('killed')
      return forSamples.deskAt(clock).handle(command, tx)
    },
  })
  const parts = { ...forSamples, clock: world.clock, company: sampleCompany }
  await expect(addSampleData({ ...parts, deskAt: cutOff })).rejects.toThrow('killed')
  await addSampleData(parts)
  const first = await tickets()
  expect(first.map(({ status }) => status).sort()).toEqual(['closed', 'open', 'open', 'pending', 'solved'])
  await addSampleData(parts)
  expect(await tickets()).toEqual(first)
})

async function tickets(): Promise<{ id: number; status: string }[]> {
  const { rows } = await world.db.query('select id, status from tickets order by id')
  return rows
}
