import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the page is told: which of its parts has news. It then asks for what it shows. */
export type LiveTopic = 'slack' | 'mail' | 'clock'

/**
 * One Server-Sent Events stream for everything on the page. One, because a browser opens six connections to a host and
 * a stream holds one for as long as its tab is open.
 */
export function liveRoutes() {
  const open = new Set<ServerResponse>()
  const waiting = new Set<LiveTopic>()
  let timer: NodeJS.Timeout | null = null

  const flush = () => {
    timer = null
    const data = `data: ${[...waiting].join(' ')}\n\n`
    waiting.clear()
    for (const res of open) res.write(data)
  }
  // Proxies and sleeping laptops drop a stream that says nothing.
  const beat = setInterval(() => {
    for (const res of open) res.write(': still here\n\n')
  }, 20_000)
  beat.unref()

  return {
    /** Tells every open page, at most once in 30 ms: one click changes many things. */
    tell(topic: LiveTopic): void {
      waiting.add(topic)
      timer ??= setTimeout(flush, 30)
    },
    handle(req: IncomingMessage, res: ServerResponse): void {
      res.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      res.write('retry: 1000\n\n')
      open.add(res)
      req.on('close', () => open.delete(res))
    },
    close(): void {
      if (timer) clearTimeout(timer)
      clearInterval(beat)
      for (const res of open) res.end()
      open.clear()
    },
  }
}
