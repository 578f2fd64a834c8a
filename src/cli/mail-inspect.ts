import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Address } from '../mail/mail.ts'
import { MailReader, type ReadMail } from '../mail/reader.ts'
import { decideMail } from '../mail/rules/index.ts'
import type { Facts, Verdict } from '../mail/rules/verdict.ts'

/** What one line of `npm run mail:inspect` says of one file. */
export interface Inspection {
  file: string
  from: Address | null
  replyTo: Address[]
  subject: string
  to: Address[]
  cc: Address[]
  messageId: string | null
  inReplyTo: string | null
  references: string[]
  visibleText: string
  fullText: string
  attachments: { filename: string; contentType: string; size: number }[]
  classification: 'ticket' | 'reply' | 'auto-reply' | 'bounce' | 'spam' | 'loop' | 'rejected'
  reason: string
  errors: string[]
}

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

/** What `read` says, and what it would be taken for. Without tickets, an answer to anything counts as a reply. */
export function inspection(file: string, { mail, visible, fullText }: ReadMail, facts: Facts): Inspection {
  const verdict = decideMail(mail, facts)
  const isPerson = (verdict.kind === 'ticket' || verdict.kind === 'held') && verdict.reason !== 'automatic-request'
  const answers = isPerson && (mail.inReplyTo !== null || mail.references.length > 0)
  return {
    file,
    from: mail.from ?? mail.claimedFrom,
    replyTo: mail.replyTo,
    subject: mail.subject,
    to: mail.to,
    cc: mail.cc,
    messageId: mail.messageId,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    visibleText: visible.text,
    fullText,
    attachments: mail.attachments.map(({ filename, contentType, size }) => ({ filename, contentType, size })),
    classification: answers ? 'reply' : classificationOf(verdict),
    reason: answers && verdict.reason === 'new-request' ? 'answers-a-mail' : verdict.reason,
    errors: mail.errors,
  }
}

function classificationOf({ kind }: Verdict): Inspection['classification'] {
  if (kind === 'held') return 'ticket'
  return kind === 'duplicate' || kind === 'check' ? 'rejected' : kind
}

async function readFileWithin(file: string): Promise<Buffer> {
  // npm runs us in the project's folder; a file is named from where the person is.
  const handle = await open(resolve(process.env.INIT_CWD ?? '.', file), 'r')
  try {
    const { size } = await handle.stat()
    if (size > MAX_FILE_BYTES) throw new Error(`${file} is larger than ${MAX_FILE_BYTES} bytes`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** Writes one JSON line for each of `files`, in their order, each as soon as it is read. */
export async function inspectMails(files: string[], out: NodeJS.WritableStream, facts: Facts): Promise<void> {
  const reader = new MailReader()
  for (const file of files) {
    let line: Inspection
    try {
      line = inspection(file, await reader.read(await readFileWithin(file)), facts)
    } catch (error) {
      line = unreadableFile(file, error)
    }
    if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain')
  }
  await reader.close()
}

function unreadableFile(file: string, error: unknown): Inspection {
  return {
    file,
    from: null,
    replyTo: [],
    subject: '',
    to: [],
    cc: [],
    messageId: null,
    inReplyTo: null,
    references: [],
    visibleText: '',
    fullText: '',
    attachments: [],
    classification: 'rejected',
    reason: 'unreadable',
    errors: [error instanceof Error ? error.message : String(error)],
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // The reader of our pipe may leave early (`| head`): that is no failure.
  process.stdout.on('error', () => process.exit(0))
  const files = process.argv.slice(2)
  if (!files.length) {
    process.stderr.write(
      'usage: npm run -s mail:inspect -- FILE...\nPrints one JSON line per mail: what was read, and what kind of mail it is.\n',
    )
    process.exitCode = 2
  } else await inspectMails(files, process.stdout, factsWithoutDatabase(process.env.SUPPORT_ADDRESS))
}
