import type { AppSettings, Timing } from './stand-in.ts'
import type { Workspace } from './store.ts'
import type { Delivery } from './types.ts'

/** One payload on its way to the app. */
export interface Envelope {
  kind: Delivery['kind']
  payload: Record<string, unknown>
  retry?: { attempt: number; reason: string }
}

/** How the app took a payload. `error`: operation_timeout, dispatch_failed, http_client_error, http_service_error. */
export type Acknowledgement = { ok: true; body: unknown } | { ok: false; error: string; noRetry?: boolean }

/** A way to the app: Socket Mode or signed HTTP. */
export interface Transport {
  connected(): boolean
  send(envelope: Envelope, ackMs: number): Promise<Acknowledgement>
  close(): Promise<void>
}

const LOG_KEPT = 5000

/** Sends payloads to the app: interactions once, events again until they are acknowledged. */
export class Outbox {
  readonly deliveries: Delivery[] = []
  private readonly workspace: Workspace
  private readonly transport: Transport
  private readonly timing: Timing
  private readonly recent: { name: string; payload: Record<string, unknown> }[] = []
  private readonly timers = new Map<NodeJS.Timeout, () => void>()
  private inFlight = 0
  private closed = false
  private readonly underway = new Set<string>()
  /** How often an event was sent without being acknowledged, and why not the last time. */
  private readonly failed = new Map<string, { attempts: number; reason: string }>()

  constructor(workspace: Workspace, transport: Transport, timing: Timing) {
    this.workspace = workspace
    this.transport = transport
    this.timing = timing
  }

  get busy(): boolean {
    return this.inFlight > 0
  }

  get connected(): boolean {
    return this.transport.connected()
  }

  /** An interaction or a command: sent once, and somebody is waiting for the answer. */
  interact(kind: 'interactive' | 'slash_commands', name: string, payload: Record<string, unknown>) {
    return this.attempt(name, { kind, payload })
  }

  /** An event: sent in a moment, and again until acknowledged or given up (/apis/events-api). */
  event(payload: Record<string, unknown>): void {
    this.workspace.waiting.push(payload)
    this.remember(payload)
    setImmediate(() => void this.deliverEvent(payload))
  }

  /** Sends what was waiting for a connection: after a restart, or when the app connects again. */
  flush(): void {
    for (const payload of [...this.workspace.waiting]) void this.deliverEvent(payload)
  }

  async redeliver(n: number): Promise<void> {
    for (const { name, payload } of this.recent.slice(-n)) {
      await this.attempt(name, { kind: 'events_api', payload, retry: { attempt: 1, reason: 'timeout' } })
    }
  }

  close(): void {
    this.closed = true
    for (const [timer, wake] of this.timers) {
      clearTimeout(timer)
      wake()
    }
    this.timers.clear()
  }

  private remember(payload: Record<string, unknown>): void {
    this.recent.push({ name: eventName(payload), payload })
    if (this.recent.length > 100) this.recent.shift()
  }

  private async deliverEvent(payload: Record<string, unknown>): Promise<void> {
    const id = String(payload.event_id)
    if (this.underway.has(id)) return
    this.underway.add(id)
    try {
      while (!this.closed) {
        // Nobody listens: it stays waiting, and `flush` takes it up again.
        if (!this.transport.connected()) return
        const before = this.failed.get(id)
        const retry = before ? { retry: { attempt: before.attempts, reason: before.reason } } : {}
        const answer = await this.attempt(eventName(payload), { kind: 'events_api', payload, ...retry })
        const pause = this.pause(before?.attempts ?? 0)
        if (answer.ok || answer.noRetry || pause === undefined) break
        this.failed.set(id, { attempts: (before?.attempts ?? 0) + 1, reason: this.reason(answer.error) })
        if (this.transport.connected()) await this.sleep(pause)
      }
      if (!this.closed) this.forget(payload)
    } finally {
      this.underway.delete(id)
    }
  }

  private forget(payload: Record<string, unknown>): void {
    const at = this.workspace.waiting.indexOf(payload)
    if (at >= 0) this.workspace.waiting.splice(at, 1)
    this.failed.delete(String(payload.event_id))
    this.workspace.changed()
  }

  /** Slack's word for why an event comes again (/apis/events-api). */
  private reason(error: string): string {
    if (!this.overHttp) return 'timeout'
    if (error === 'operation_timeout') return 'http_timeout'
    return error === 'dispatch_failed' ? 'connection_failed' : 'http_error'
  }

  private get overHttp(): boolean {
    return (this.workspace.app as AppSettings).requestUrl !== undefined
  }

  /** How long to wait before the retry after `attempt`; undefined = given up after three. */
  private pause(attempt: number): number | undefined {
    if (this.overHttp) return this.timing.httpRetryMs[attempt]
    return attempt < 3 ? this.timing.socketRetryMs : undefined
  }

  private async attempt(name: string, envelope: Envelope): Promise<Acknowledgement> {
    const { kind, payload, retry } = envelope
    const delivery: Delivery = {
      id: this.workspace.secret(8),
      kind,
      name,
      payload,
      attempt: retry?.attempt ?? 0,
      at: this.workspace.clock.now().getTime(),
    }
    this.deliveries.push(delivery)
    if (this.deliveries.length > LOG_KEPT) this.deliveries.shift()
    this.inFlight += 1
    const started = performance.now()
    try {
      const answer = await this.transport.send(envelope, this.timing.ackMs)
      if (answer.ok) Object.assign(delivery, { ackMs: performance.now() - started, ack: answer.body })
      else delivery.error = answer.error
      return answer
    } finally {
      this.inFlight -= 1
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer)
        resolve()
      }, ms)
      timer.unref()
      this.timers.set(timer, resolve)
    })
  }
}

function eventName(payload: Record<string, unknown>): string {
  const event = payload.event as { type?: string; subtype?: string } | undefined
  return event?.subtype ? `${event.type}.${event.subtype}` : String(event?.type)
}
