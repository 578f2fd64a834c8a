import { Hono } from 'hono'

/** Whether each outside world is there, and every fetched mail accounted for: true, or why not. Answers within seconds, also when a world hangs. */
export type Ready = () => Promise<Record<'postgres' | 'slack' | 'imap' | 'ledger', true | string>>

/** /healthz: the process answers. /readyz: it can do its work, 503 with the name and reason of what is not there. */
export function healthRoutes({ ready }: { ready: Ready }): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'alive' }))
    .get('/readyz', async (c) => {
      const found = await ready().catch(() => ({ checks: 'the checks themselves failed: see the log' }))
      const missing = Object.entries(found).filter(([, state]) => state !== true)
      if (missing.length === 0) return c.json({ status: 'ready' })
      const notReady = Object.fromEntries(missing.map(([name, reason]) => [name, safe(String(reason))]))
      return c.json({ status: 'not ready', notReady }, 503)
    })
}

/** A reason in one line, without what a connection string or a stack may have brought along. */
function safe(reason: string): string {
  return (reason.split('\n')[0] ?? '')
    .replace(/\/\/[^\s/@]*@/g, '//')
    .replace(/\bxox[a-z]-\S+|\bxapp-\S+/g, '…')
    .slice(0, 200)
}
