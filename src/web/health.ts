import { Hono } from 'hono'

/** Whether each outside world is there, and every fetched mail accounted for: true, or why not. Answers within seconds, also when a world hangs. */
export type Ready = () => Promise<Record<'postgres' | 'slack' | 'imap' | 'ledger', true | string>>

/** What an operator should see to although everything works, by what it is about. */
export type Notices = () => Promise<Record<string, string>>

/**
 * /healthz: the process answers. /readyz: it can do its work, with what an operator should see to; 503 with the name and
 * reason of what is not there.
 */
export function healthRoutes({ ready, notices }: { ready: Ready; notices?: Notices }): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'alive' }))
    .get('/readyz', async (c) => {
      const found = await ready().catch(() => ({ checks: 'the checks themselves failed: see the log' }))
      const missing = Object.entries(found).filter(([, state]) => state !== true)
      const said = Object.entries((await notices?.().catch(() => ({}))) ?? {})
      const also = said.length > 0 ? { notices: inLines(said) } : {}
      if (missing.length === 0) return c.json({ status: 'ready', ...also })
      return c.json({ status: 'not ready', notReady: inLines(missing), ...also }, 503)
    })
}

function inLines(reasons: [string, unknown][]): Record<string, string> {
  return Object.fromEntries(reasons.map(([name, reason]) => [name, safe(String(reason))]))
}

/** A reason in one line, without what a connection string or a stack may have brought along. */
function safe(reason: string): string {
  return (reason.split('\n')[0] ?? '')
    .replace(/\/\/[^\s/@]*@/g, '//')
    .replace(/\bxox[a-z]-\S+|\bxapp-\S+/g, '…')
    .slice(0, 200)
}
