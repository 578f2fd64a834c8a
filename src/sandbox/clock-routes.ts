import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { MovableClock } from '../clock.ts'
import { jsonBody, sendJson } from './http.ts'

/** What `GET /sandbox/clock` and a push answer. Times are milliseconds since 1970. */
export interface ClockFace {
  now: number
  /** How far the sandbox's clock is ahead of the machine's. */
  aheadMs: number
  presets: { name: string; label: string; ms: number }[]
}

const hour = 3_600_000
const presets = [
  { name: '1h', label: '1 hour', ms: hour },
  { name: '27h', label: '27 hours', ms: 27 * hour },
  { name: '5d', label: '5 days', ms: 120 * hour },
]
/** A year at a time: enough for every deadline, and a slip of the finger does not end in the year 9999. */
const push = z.strictObject({
  ms: z
    .int()
    .min(1)
    .max(366 * 24 * hour),
})
const kept = z.object({ aheadMs: z.number() })

/**
 * The sandbox's clock over HTTP: `GET` tells it, `POST {ms}` pushes it forward and answers when the product has reacted
 * (every `onPush` listener has finished). The push is kept in `file`, so a restart does not travel back in time.
 */
export async function clockRoutes(clock: MovableClock, file: string, onPushed: () => void) {
  const before = await readKept(file)
  if (before !== null && before > clock.aheadMs) await clock.push(before - clock.aheadMs)
  const face = (): ClockFace => ({ now: clock.now().getTime(), aheadMs: clock.aheadMs, presets })

  return async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method === 'GET') return sendJson(res, 200, face())
    if (req.method !== 'POST') return sendJson(res, 405, { error: 'GET tells the time, POST {ms} pushes it forward' })
    const asked = push.safeParse(await jsonBody(req))
    if (!asked.success) return sendJson(res, 400, { error: 'send {"ms": n} with n from 1 to one year' })
    // Kept first: if the product falls over while it reacts, the next start is still past the push.
    await keep(file, clock.aheadMs + asked.data.ms)
    try {
      await clock.push(asked.data.ms)
    } finally {
      onPushed()
    }
    sendJson(res, 200, face())
  }
}

async function readKept(file: string): Promise<number | null> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8'))).aheadMs
  } catch {
    return null // absent on the first start; a damaged one costs nothing but the push
  }
}

async function keep(file: string, aheadMs: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify({ aheadMs }))
  await rename(`${file}.new`, file)
}
