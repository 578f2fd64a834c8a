import { parentPort } from 'node:worker_threads'
import { readMail } from './read-mail.ts'

// Runs in a thread of its own, with little memory, because a mail may have been made to exhaust whoever reads it.
parentPort!.on('message', ({ id, raw }: { id: number; raw: Uint8Array }) => {
  const read = readMail(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
  // Files are handed over, not copied, where they have their memory to themselves.
  const own = read.mail.attachments
    .map(({ content }) => content)
    .filter(
      ({ buffer, byteLength }) => byteLength > 100_000 && buffer.byteLength === byteLength && buffer !== raw.buffer,
    )
    .map(({ buffer }) => buffer as ArrayBuffer)
  parentPort!.postMessage({ id, read }, [...new Set(own)])
})
