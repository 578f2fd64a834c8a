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
