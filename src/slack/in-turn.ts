/** Runs what has the same key one after the other, in the order asked for; whatever became of the one before. */
export function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, work) => {
    const run = (last.get(key) ?? Promise.resolve()).then(work, work)
    last.set(key, run)
    const leave = () => {
      if (last.get(key) === run) last.delete(key)
    }
    run.then(leave, leave)
    return run
  }
}

/**
 * The same for work that holds a connection to the database while it waits for others of its key: of all keys together at
 * most `most` at once, so that one that is slow does not take every connection from everybody.
 */
export function createLanes(most: number): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const inTurn = createTurns()
  return (key, work) => inTurn(String(hash(key) % most), work)
}

function hash(key: string): number {
  let sum = 0
  for (const sign of key) sum = (sum * 31 + sign.codePointAt(0)!) % 1_000_003
  return sum
}
