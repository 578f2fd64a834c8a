import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { checkWithId } from '../store/mailbox-checks.ts'
import type { Templates } from '../templates.ts'
import { automaticHeaders } from './composing/automatic-headers.ts'
import type { OutgoingMail } from './outgoing.ts'
import type { Transport } from './transport.ts'

export interface CheckMailerParts {
  database: Database
  transport: Transport
  templates: Templates
  secrets: Pick<Secrets, 'mailboxCheckToken'>
  companyName: string
  supportName: string
  /** The keys of all mailboxes, each with the address it is written to at. */
  addresses: Map<string, string>
}

const RETRY_MS = 60_000

/** Does `check` effects: mails ourselves what mailbox-check.ts waits for. Sent twice it says the same, so nobody is asked. */
export function createCheckMailer(parts: CheckMailerParts): Deliver {
  return async (row): Promise<Attempt> => {
    if (row.effect.kind !== 'check' || row.messageId === null) throw new Error(`outbox ${row.id} is no check`)
    const check = await checkWithId(parts.database, row.effect.checkId)
    const address = check && parts.addresses.get(check.mailbox)
    if (!check || !address) return { kind: 'never', problem: 'not sent: a later check took its place', isMeant: true }
    if (check.hasArrived) return { kind: 'done', paceMs: 0 }
    const outcome = await parts.transport.send(compose(parts, check, address, row.messageId))
    if (outcome.kind === 'done') return { kind: 'done', paceMs: 0 }
    if (outcome.kind === 'never') return { kind: 'never', problem: outcome.response }
    const kind = outcome.kind === 'later' ? 'later' : 'uncertain'
    return { kind, problem: outcome.response, delayMs: RETRY_MS, laneToo: false }
  }
}

function compose(
  { templates, secrets, companyName, supportName }: CheckMailerParts,
  { checkId, authservId }: { checkId: string; authservId: string },
  address: string,
  messageId: string,
): OutgoingMail {
  const token = secrets.mailboxCheckToken(checkId)
  const params = {
    company: companyName,
    token,
    ...{ number: null, name: '', history: [], historyCut: false, isCopied: false },
  }
  const { subject, text, html } = templates.render('mailbox-check', null, params, { timeZone: null })
  return {
    from: { name: supportName, address },
    to: [{ name: '', address }],
    cc: [],
    subject,
    text,
    html,
    messageId,
    inReplyTo: null,
    references: [],
    headers: {
      // The forgery: what a stranger would write to be taken for anybody.
      'Authentication-Results': `${authservId}; dmarc=pass header.from=${token}.invalid`,
      ...automaticHeaders(address, 'auto-generated'),
    },
    attachments: [],
  }
}
