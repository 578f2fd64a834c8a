import type { Clock } from '../clock.ts'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { codeOf, type LinkingCode } from '../store/linking-codes.ts'
import { people } from '../store/people.ts'
import { localeOfLatestRequest } from '../store/requests.ts'
import type { Templates } from '../templates.ts'
import { automaticHeaders } from './composing/automatic-headers.ts'
import { oneLine } from './composing/one-line.ts'
import type { OutgoingMail } from './outgoing.ts'
import type { Transport } from './transport.ts'

export interface CodeMailerParts {
  database: Database
  clock: Clock
  transport: Transport
  templates: Templates
  secrets: Pick<Secrets, 'linkingCode'>
  companyName: string
  supportName: string
  supportAddress: string
  /** Whether a store is registered with the address, or somebody at it belongs to one. */
  isStoreAddress(address: string): boolean
}

const RETRY_MS = 20_000

/**
 * Does `code` effects: mails the code with which somebody shows that an address is theirs. Tried while the code works;
 * whoever waits for it asks for another, so nobody has to look into what became of it.
 */
export function createCodeMailer(parts: CodeMailerParts): Deliver {
  return async (row): Promise<Attempt> => {
    if (row.effect.kind !== 'code' || row.messageId === null) throw new Error(`outbox ${row.id} is no code`)
    const code = await codeOf(parts.database, row.effect.codeId)
    if (!code || code.usedAt || code.expiresAt < parts.clock.now())
      return { kind: 'never', problem: 'not sent: the code works no longer', isMeant: true }
    // Whoever asked was told the same: nobody learns from us which addresses are a store's, and nobody else is mailed.
    if (code.purpose === 'store' && !parts.isStoreAddress(code.address))
      return { kind: 'never', problem: 'not sent: no store is registered with this address', isMeant: true }
    const outcome = await parts.transport.send(await compose(parts, code, row.messageId))
    if (outcome.kind === 'done') return { kind: 'done', paceMs: 0 }
    if (outcome.kind === 'later') return { kind: 'later', problem: outcome.response, delayMs: RETRY_MS, laneToo: false }
    return { kind: 'never', problem: outcome.response }
  }
}

/** Nothing that whoever asked could have chosen is in it, not even their name: it may reach somebody else (threats E17). */
async function compose(parts: CodeMailerParts, code: LinkingCode, messageId: string): Promise<OutgoingMail> {
  const { templates, supportAddress } = parts
  const [asker] = await people(parts.database, [code.contactId])
  const locale = asker?.locale ?? (await localeOfLatestRequest(parts.database, code.contactId))
  const digits = parts.secrets.linkingCode(code.id)
  const params = {
    company: parts.companyName,
    purpose: code.purpose,
    code: `${digits.slice(0, 3)} ${digits.slice(3)}`,
    until: code.expiresAt,
    ...{ number: null, name: '', history: [], historyCut: false, isCopied: false },
  }
  const { subject, text, html } = templates.render('linking-code', locale, params, {
    timeZone: asker?.timeZone ?? null,
  })
  return {
    from: { name: oneLine(parts.supportName, 80), address: supportAddress },
    to: [{ name: '', address: code.address }],
    cc: [],
    subject,
    text,
    html,
    messageId,
    inReplyTo: null,
    references: [],
    headers: automaticHeaders(supportAddress, 'auto-generated'),
    attachments: [],
  }
}
