import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Acknowledgement, Envelope, Transport } from './delivery.ts'
import type { Workspace } from './store.ts'

const CONNECTIONS_LIMIT = 10 // /apis/events-api/using-socket-mode
const PING_EVERY_MS = 10_000 // Slack pings; Bolt's client drops a connection that was pinged once and then not for 30 s

const CLOSE_WAIT_MS = 500 // for the other side's part of the closing handshake

interface Pending {
  socket: WebSocket
  settle(answer: Acknowledgement): void
}

/** Socket Mode as Slack runs it: single-use URLs, hello, envelopes, acknowledgements, each payload to one connection. */
export class SocketMode implements Transport {
  private readonly workspace: Workspace
  private readonly onConnect: () => void
  private readonly server = new WebSocketServer({ noServer: true })
  private readonly tickets = new Set<string>()
  private readonly sockets: WebSocket[] = []
  private readonly pending = new Map<string, Pending>()
  private turn = 0

  constructor(workspace: Workspace, onConnect: () => void) {
    this.workspace = workspace
    this.onConnect = onConnect
  }

  /** What apps.connections.open answers: a URL that opens one connection. */
  newUrl(): string {
    const ticket = this.workspace.secret()
    this.tickets.add(ticket)
    const base = this.workspace.baseUrl.replace(/^http/, 'ws')
    return `${base}/link/?ticket=${ticket}&app_id=${this.workspace.app.appId}`
  }

  connected(): boolean {
    return this.open().length > 0
  }

  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = new URL(req.url ?? '/', this.workspace.baseUrl)
    if (url.pathname !== `${new URL(this.workspace.baseUrl).pathname.replace(/\/$/, '')}/link/`) return false
    if (!this.tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
      return true
    }
    this.server.handleUpgrade(req, socket, head, (connection) => this.welcome(connection))
    return true
  }

  private welcome(connection: WebSocket): void {
    if (this.open().length >= CONNECTIONS_LIMIT) {
      connection.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }))
      connection.close()
      return
    }
    this.sockets.push(connection)
    const ping = setInterval(() => connection.ping(), PING_EVERY_MS)
    ping.unref()
    connection.on('message', (data) => this.hear(String(data)))
    connection.on('error', () => connection.terminate())
    connection.on('close', () => {
      clearInterval(ping)
      this.sockets.splice(this.sockets.indexOf(connection), 1)
      // Nobody can acknowledge these any more: people see the trouble at once, events wait for the next connection.
      const lost = [...this.pending.values()].filter(({ socket }) => socket === connection)
      for (const { settle } of lost) settle({ ok: false, error: 'operation_timeout' })
      this.workspace.changed()
    })
    const info = { host: 'sandbox', approximate_connection_time: 18060 }
    const hello = { type: 'hello', num_connections: this.open().length, debug_info: info }
    connection.send(JSON.stringify({ ...hello, connection_info: { app_id: this.workspace.app.appId } }))
    this.workspace.changed()
    setImmediate(this.onConnect)
  }

  private hear(text: string): void {
    const message = parsed(text)
    const pending = this.pending.get(message.envelope_id ?? '')
    if (!pending) return // a late acknowledgement: the person has long seen the error
    pending.settle({ ok: true, body: message.payload })
  }

  send(envelope: Envelope, ackMs: number): Promise<Acknowledgement> {
    const open = this.open()
    const socket = open[this.turn++ % Math.max(open.length, 1)]
    if (!socket) return Promise.resolve({ ok: false, error: 'dispatch_failed' })
    const id = `${this.workspace.secret(4)}-${this.workspace.secret(8)}`
    const { kind, payload, retry } = envelope
    return new Promise((resolve) => {
      const settle = (answer: Acknowledgement) => {
        clearTimeout(timer)
        this.pending.delete(id)
        resolve(answer)
      }
      const timer = setTimeout(() => settle({ ok: false, error: 'operation_timeout' }), ackMs)
      this.pending.set(id, { socket, settle })
      socket.send(
        JSON.stringify({
          envelope_id: id,
          type: kind,
          payload,
          accepts_response_payload: kind !== 'events_api',
          ...(kind === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {}),
        }),
      )
    })
  }

  /** Cuts every connection as a broken network would. */
  drop(): void {
    for (const socket of [...this.sockets]) socket.terminate()
  }

  /** Asks every connection to come back over a new one. */
  refresh(): void {
    for (const socket of this.open()) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'sandbox' } }))
    }
  }

  close(): Promise<void> {
    for (const { settle } of [...this.pending.values()]) settle({ ok: false, error: 'dispatch_failed' })
    for (const socket of [...this.sockets]) {
      socket.close(1001)
      setTimeout(() => socket.terminate(), CLOSE_WAIT_MS).unref()
    }
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  private open(): WebSocket[] {
    return this.sockets.filter((socket) => socket.readyState === socket.OPEN)
  }
}

/** What a client says; nonsense is nothing. */
function parsed(text: string): { envelope_id?: string; payload?: unknown } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
