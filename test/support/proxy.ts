/** startProxy: a TCP connection as networks break it: cut at a byte, silent while open, or with a server that lies. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  port: number
  /** How many connections were opened through it. */
  opened(): number
  cuts(): number
  /** After how many bytes from the server each next connection is cut; null: never. */
  cutAfter: (() => number) | null
  /** What the client gets of a line the server said; 'cut' ends the connection. Null: the line as it is. */
  rewrite: ((line: string) => string | 'cut') | null
  /** What is open now carries nothing any more, in either direction, and stays open. */
  blackHole(): void
  /** Ends every open connection. */
  drop(): void
  close(): Promise<void>
}

export async function startProxy(target: { host?: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let holes = new Set<Socket>()
  let opened = 0
  let cuts = 0
  const server = createServer((client) => {
    opened++
    const behind = connect(target.port, target.host ?? '127.0.0.1')
    let left = proxy.cutAfter?.() ?? Number.POSITIVE_INFINITY
    const say = lineByLine((line) => {
      const said = proxy.rewrite?.(line) ?? line
      if (said === 'cut') end()
      else client.write(said, 'latin1')
    })
    const end = () => {
      client.destroy()
      behind.destroy()
    }
    for (const socket of [client, behind]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        // A black hole does not tell one end that the other is gone.
        if (!holes.has(client)) end()
      })
    }
    client.on('data', (data) => holes.has(client) || behind.write(data))
    behind.on('data', (data: Buffer) => {
      if (holes.has(client)) return
      if (proxy.rewrite) return say(data)
      if (data.length < left) client.write(data)
      else {
        cuts++
        client.write(data.subarray(0, left), end)
      }
      left -= data.length
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    opened: () => opened,
    cuts: () => cuts,
    cutAfter: null,
    rewrite: null,
    blackHole() {
      holes = new Set(sockets)
    },
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      proxy.drop()
      await closed
    },
  }
  return proxy
}

function lineByLine(each: (line: string) => void): (data: Buffer) => void {
  let rest = ''
  return (data) => {
    const lines = (rest + data.toString('latin1')).split(/(?<=\n)/)
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '')
    for (const line of lines) each(line)
  }
}
