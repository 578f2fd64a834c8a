import { startWorld, type World, type WorldOptions } from '../support/world.ts'
import type { Bench } from './bench.ts'

/** The whole product in this process, on a database of the bench, with a clock that is moved. It ends with the figure. */
export async function wholeProduct(bench: Bench, options: Partial<WorldOptions> = {}): Promise<World> {
  const { url } = await bench.database()
  const world = await startWorld({ mode: 'socket', ...options, database: { url, drop: async () => {} } })
  bench.onEnd(() => world.stop())
  return world
}
