/** Runs `work` once at a time; a call during a run waits for one more that begins after it. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  const run = (): Promise<void> => {
    if (running) {
      next ??= running
        .catch(() => {})
        .then(() => {
          next = null
          return run()
        })
      return next
    }
    running = work().finally(() => {
      running = null
    })
    return running
  }
  return run
}
