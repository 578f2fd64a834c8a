import { parentPort } from 'node:worker_threads'
import { readMail } from './read-mail.ts'

// Runs in a thread of its own, with little memory, because a mail may have been made to exhaust whoever reads it.
parentPort!.on('message', ({ id, raw }: { id: number; raw: Uint8Array }) => {
  parentPort!.postMessage({ id, read: readMail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)) })
})
