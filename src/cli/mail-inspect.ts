import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MailReader } from '../mail/reader.ts'
import type { Facts } from '../mail/rules/verdict.ts'
import { type Inspection, inspection, unreadableFile } from './inspection.ts'

const usage = `npm run -s mail:inspect -- FILE...

Prints one line of JSON for each mail, in the order of the files: how it is read, and what kind of mail it is.
A FILE is one mail as it came (.eml); - is the mail on standard input. What cannot be read has its line too.

  kind            person, automatic, list, automatic-reply, bounce, complaint, read-receipt, calendar-answer,
                  dmarc-report, loop, spam, mailbox-check (our own, of the settings) or unreadable
  classification  what becomes of it: ticket, reply, auto-reply, bounce, spam, loop or rejected
  rule, reason    which rule decided, and why
  from, replyTo, to, cc                name and address
  subject, date, receivedAt, messageId, inReplyTo, references
  visibleText     what the author wrote now; cut says whether a quote or signature was left out
  fullText        every word; text and html are the two bodies as they came, or null
  attachments     filename, contentType, size, contentId, inline, sha256
  report          of a bounce or complaint: recipient, status, action, hard (the address is wrong), originalMessageId
  errors          what was repaired, what was odd, or why it could not be read
  ms              how long reading took

SUPPORT_ADDRESS (with commas between several) tells it your own addresses: mail from them is a loop.
`

// A mail over this is refused before it is in memory; the same limit as reading has.
const MAX_FILE_BYTES = 150_000_000

/** What is known where no database is: the addresses in SUPPORT_ADDRESS (comma separated), no ticket. */
export function factsWithoutDatabase(supportAddress: string | undefined): Facts {
  const ownAddresses = (supportAddress ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  return { ownAddresses, ownMessageIdHost: null, tokenTicket: null, messageIdTickets: [], knownDuplicateOf: null }
}

async function readFileWithin(file: string): Promise<Buffer> {
  // npm runs us in the project's folder; a file is named from where the person is.
  const handle = await open(resolve(process.env.INIT_CWD ?? '.', file), 'r')
  try {
    const found = await handle.stat()
    if (found.isDirectory()) throw new Error(`${file} is a folder: name the files in it`)
    if (found.size > MAX_FILE_BYTES) throw new Error(`${file} is larger than ${MAX_FILE_BYTES} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

async function readWithin(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > MAX_FILE_BYTES) throw new Error(`standard input is larger than ${MAX_FILE_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Writes one JSON line for each of `files` (`-`: what `input` says), in their order, each as soon as it is read. */
export async function inspectMails(
  files: string[],
  input: AsyncIterable<Buffer>,
  out: NodeJS.WritableStream,
  facts: Facts,
): Promise<void> {
  const reader = new MailReader()
  // The thread's own start is no part of what reading a mail takes.
  await reader.read(Buffer.from('Subject: x\n\n'))
  for (const file of files) {
    let line: Inspection
    try {
      const raw = await (file === '-' ? readWithin(input) : readFileWithin(file))
      const start = performance.now()
      const read = await reader.read(raw)
      line = inspection(file, read, facts, Math.round(performance.now() - start))
    } catch (error) {
      line = unreadableFile(file, error)
    }
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain')
  }
  await reader.close()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // The reader of our pipe may leave early (`| head`): that is no failure.
  process.stdout.on('error', () => process.exit(0))
  const files = process.argv.slice(2)
  if (files.some((one) => one === '--help' || one === '-h')) process.stdout.write(usage)
  else if (!files.length) {
    process.stderr.write(`usage: ${usage}`)
    process.exitCode = 2
  } else await inspectMails(files, process.stdin, process.stdout, factsWithoutDatabase(process.env.SUPPORT_ADDRESS))
}
