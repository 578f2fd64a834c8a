import type pg from 'pg'

const RETRY_MS = 1_000

/**
 * Hears `notify` on a channel over a connection of the pool held for it, and subscribes again when that breaks.
 * `onSubscribed` is called after each subscription, because what was said meanwhile is lost. Rejects when the first
 * subscription fails.
 */
export async function listen(
  pool: pg.Pool,
  channel: string,
  onNotification: (payload: string) => void,
  onSubscribed: () => void,
): Promise<{ close(): Promise<void> }> {
  let closed = false
  let letGo = () => {}
  let timer: NodeJS.Timeout | undefined

  const subscribe = async () => {
    const client = await pool.connect()
    if (closed) return client.release()
    let dropped = false
    const drop = () => {
      if (dropped) return
      dropped = true
      client.release(true)
      if (!closed) timer = setTimeout(again, RETRY_MS).unref()
    }
    client.on('error', drop)
    client.on('end', drop)
    client.on('notification', (message) => onNotification(message.payload ?? ''))
    letGo = drop
    await client.query(`listen ${client.escapeIdentifier(channel)}`)
    onSubscribed()
  }
  const again = () => {
    subscribe().catch(() => {
      timer = setTimeout(again, RETRY_MS).unref()
    })
  }
  await subscribe()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      letGo()
    },
  }
}
