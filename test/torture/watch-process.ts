/**
 * Loaded into the product with --import: writes how long a turn of its event loop took, and its memory, to the file named
 * in TORTURE_WATCH, twice a second. Time counts only while the thread itself worked: other programs on a busy machine
 * make a turn long, too.
 */
import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const EVERY_MS = 10
const file = process.env.TORTURE_WATCH
if (file && isMainThread) {
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let worst = 0
  let last = { at: performance.now(), cpu: cpuMs() }
  setInterval(() => {
    const now = { at: performance.now(), cpu: cpuMs() }
    worst = Math.max(worst, Math.min(now.at - last.at - EVERY_MS, now.cpu - last.cpu))
    last = now
  }, EVERY_MS).unref()
  setInterval(() => {
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), stallMs: worst, ...process.memoryUsage() })}\n`)
    worst = 0
  }, 500).unref()
}
