import { Resolver as DnsResolver } from 'node:dns/promises'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../clock.ts'
import type { Resolver } from './check-signatures.ts'
import type { ProvenSender } from './proof.ts'
import type { Author } from './prove-sender.ts'
import type { FromThread, ToThread } from './worker.ts'

export interface SenderThreadOptions {
  authservId: string | null
  clock: Clock
  /** Real DNS when left out. */
  resolver?: Resolver
  /** For one mail, DNS included. */
  seconds?: number
}

const SECONDS = 10 // 20 MB are hashed in under one
const MEMORY_MB = 128
// Intake goes one mail after the other, and a sender chooses the name servers that we ask: this long for all questions
// of a mail together. Honest keys come within half a second.
const DNS_MS = 2_000
const DNS_TIMEOUT_MS = 900
const DNS_TRIES = 2

/**
 * Proves senders in a thread of its own, so that hashing a large mail stalls nobody. A mail that takes too long, or
 * brings the thread down, is unproven, as is one whose keys cannot be asked for.
 */
export class SenderThread {
  private worker: Worker | null
  private readonly pending = new Map<
    number,
    (found: Omit<ProvenSender, 'address'> & { address?: string | null }) => void
  >()
  private nextId = 1
  private dnsMs = 0
  private readonly options: SenderThreadOptions
  private readonly resolver: Resolver

  constructor(options: SenderThreadOptions) {
    this.options = options
    this.resolver = options.resolver ?? realDns()
    // Loading takes a moment that the first mail would wait for.
    this.worker = this.start()
    this.worker.unref()
  }

  /** See `proveSender`. `believesServer`: whether our server's Authentication-Results count; they do unless said. Never rejects. */
  prove(author: Author, raw: Buffer, { believesServer = true } = {}): Promise<ProvenSender> {
    const id = this.nextId++
    const address = author.from?.address.toLowerCase() ?? null
    return new Promise((done) => {
      const timer = setTimeout(() => this.giveUp(), (this.options.seconds ?? SECONDS) * 1000)
      this.pending.set(id, (found) => {
        clearTimeout(timer)
        this.pending.delete(id)
        if (this.pending.size === 0) {
          this.worker?.unref()
          this.dnsMs = 0
        }
        done({ address, ...found })
      })
      this.worker ??= this.start()
      this.worker.ref()
      const { from, fromProblem } = author
      const { clock } = this.options
      const authservId = believesServer ? this.options.authservId : null
      this.send({ kind: 'prove', id, author: { from, fromProblem }, raw, authservId, now: clock.now() })
    })
  }

  /** Ends the thread. Mails still being looked at come back as unproven. */
  async close(): Promise<void> {
    const worker = this.worker
    this.worker = null
    await worker?.terminate()
    this.fail()
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 12 },
    })
    const gone = () => {
      if (worker === this.worker) this.giveUp()
    }
    worker.on('error', gone)
    worker.on('exit', gone)
    worker.on('message', (message: FromThread) => {
      if (worker !== this.worker) return
      if (message.kind === 'proof') this.pending.get(message.id)?.(message.found)
      else void this.answer(message)
    })
    return worker
  }

  private async answer({ question, name, type }: Extract<FromThread, { kind: 'question' }>): Promise<void> {
    const began = performance.now()
    try {
      const records = await within(Math.max(0, DNS_MS - this.dnsMs), this.resolver(name, type))
      this.dnsMs += performance.now() - began
      this.send({ kind: 'answer', question, records })
    } catch (error) {
      this.dnsMs += performance.now() - began
      this.send({ kind: 'answer', question, code: (error as NodeJS.ErrnoException).code ?? 'ESERVFAIL' })
    }
  }

  private send(message: ToThread): void {
    this.worker?.postMessage(message)
  }

  private giveUp(): void {
    const worker = this.worker
    this.worker = null
    void worker?.terminate()
    this.fail()
  }

  private fail(): void {
    for (const done of [...this.pending.values()]) done({ proof: 'unproven', reason: 'check-failed' })
  }
}

/** What comes of `answer`, or an error of DNS when it does not come in time. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' })), ms)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

function realDns(): Resolver {
  const dns = new DnsResolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
  return (name, type) => dns.resolve(name, type) as Promise<string[][] | string[]>
}
