import { Worker } from 'node:worker_threads'
import type { Mail } from './mail.ts'
import { unreadableMail } from './reading/parse-mime.ts'
import { type ReadMail, unread } from './reading/read-mail.ts'

export type { ReadMail } from './reading/read-mail.ts'

// Threats E28: a mail made to hurt took 1.2 s and its whole tree in memory; an honest 25 MB one takes under 1 s.
const READ_SECONDS = 10
// What is read of one mail is limited so that 150 MB are enough (reading/bodies.ts, html-document.ts). This is the
// backstop, and it is far away on purpose: V8 ends the whole process, not the thread, when one allocation jumps past it.
const MEMORY_MB = 512

/**
 * Reads mails in a thread of its own, so that no mail can hold up or bring down the product: one mail at a time, in the
 * order asked. A mail that takes over 10 seconds or too much memory comes back as unreadable, and the thread is started anew.
 */
export class MailReader {
  private worker: Worker | null = null
  private readonly waiting: { raw: Buffer; done: (read: ReadMail) => void }[] = []
  private current: { id: number; done: (read: ReadMail) => void; timer: NodeJS.Timeout } | null = null
  private nextId = 1
  private readonly seconds: number
  private readonly memoryMb: number

  constructor(options: { seconds?: number; memoryMb?: number } = {}) {
    this.memoryMb = options.memoryMb ?? MEMORY_MB
    this.seconds = options.seconds ?? READ_SECONDS
  }

  /** The mail in `raw` with its visible and its full text. Never rejects; see `Mail.unreadable`. */
  read(raw: Buffer): Promise<ReadMail> {
    return new Promise((done) => {
      this.waiting.push({ raw, done })
      this.next()
    })
  }

  /** Ends the thread. Mails still being read come back as unreadable. */
  async close(): Promise<void> {
    const worker = this.worker
    this.worker = null
    await worker?.terminate()
    this.finish(failure('failed'))
  }

  private next(): void {
    const job = this.current ? undefined : this.waiting.shift()
    if (!job) return
    this.worker ??= this.start()
    const worker = this.worker
    const timer = setTimeout(() => this.giveUp('took-too-long'), this.seconds * 1000)
    this.current = { id: this.nextId++, done: job.done, timer }
    worker.ref()
    worker.postMessage({ id: this.current.id, raw: job.raw })
  }

  private start(): Worker {
    const worker = new Worker(new URL('./reading/worker.ts', import.meta.url), {
      // Young objects would take three times 16 MB and more by themselves, and keep it.
      resourceLimits: { maxOldGenerationSizeMb: this.memoryMb, maxYoungGenerationSizeMb: 12 },
    })
    worker.on('message', ({ id, read }: { id: number; read: ReadMail }) => {
      if (id === this.current?.id) this.finish(revive(read))
    })
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker === this.worker) this.giveUp(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too-much-memory' : 'failed')
    })
    worker.on('exit', () => {
      if (worker === this.worker) this.giveUp('failed')
    })
    return worker
  }

  private giveUp(reason: NonNullable<Mail['unreadable']>): void {
    const worker = this.worker
    this.worker = null
    void worker?.terminate()
    this.finish(failure(reason))
  }

  private finish(read: ReadMail): void {
    const job = this.current
    this.current = null
    // An idle thread must not keep a command such as mail:inspect from ending.
    this.worker?.unref()
    if (job) {
      clearTimeout(job.timer)
      job.done(read)
    }
    this.next()
  }
}

const failure = (reason: NonNullable<Mail['unreadable']>) => unread(unreadableMail(reason))

/** Buffers cross between threads as plain byte arrays. */
function revive(read: ReadMail): ReadMail {
  for (const file of read.mail.attachments)
    file.content = Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength)
  return read
}
