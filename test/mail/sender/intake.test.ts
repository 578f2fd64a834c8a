import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MovableClock } from '../../../src/clock.ts'
import { type IntakeParts, understandMail } from '../../../src/mail/intake.ts'
import { MailReader } from '../../../src/mail/reader.ts'
import { SenderThread } from '../../../src/mail/sender/sender-thread.ts'
import { folderStore } from '../../../src/store/files.ts'
import { createInbox } from '../../../src/store/inbox.ts'
import { startDesk, type TestDesk } from '../../support/desk.ts'
import { dns, type Signing, sign, written } from './signed.ts'

// A desk that was not told the name of its mail server: signatures decide (threats E13).
let desk: TestDesk
let folder: string
let reader: MailReader
let senders: SenderThread

beforeAll(async () => {
  desk = await startDesk()
  folder = await mkdtemp(join(tmpdir(), 'deskhand-sender-'))
  reader = new MailReader()
  const clock = MovableClock.at(new Date('2026-11-23T09:05:00Z'))
  senders = new SenderThread({ authservId: null, clock, resolver: dns })
})
afterAll(async () => {
  await Promise.all([reader.close(), senders.close()])
  await desk.end()
  await rm(folder, { recursive: true, force: true })
})

const LENGTH = 'The printer is on fire.\r\n'.length

test.each<[what: string, signing: Signing | null, after: string, end: string]>([
  ['a good signature', {}, '', 'verified, signature, verified'],
  ['none', null, '', 'unproven, not-signed, unproven'],
  ['that of another', { domain: 'evil.example' }, '', 'unproven, signature-of-another, unproven'],
  ['a weak one', { selector: 'weak' }, '', 'unproven, signature-weak, unproven'],
  ['a partial one with words behind it', { length: LENGTH }, 'Pay here.\r\n', 'unproven, signature-partial, unproven'],
  ['a forged Authentication-Results and none', null, '', 'unproven, not-signed, unproven'],
])(
  'E13 a ticket by a mail with %s keeps what that proves, with mail and comment',
  async (what, signing, after, end) => {
    const mail = written().replace('<1@', `<${what.replaceAll(' ', '-')}@`)
    const signed = signing ? await sign(mail, signing) : mail
    const forged = 'Authentication-Results: mx.desk.example; dmarc=pass header.from=client.example\r\n'
    await store(`${what.startsWith('a forged') ? forged : ''}${signed}${after}`)
    await understandMail(parts())
    const { rows } = await desk.database.query(
      `select m.outcome, m.sender_proof, m.sender_reason, c.sender_proof as comment_proof
     from inbound_mails m join comments c on c.ticket_id = m.ticket_id order by m.id desc limit 1`,
    )
    const row = rows[0]!
    expect(row.outcome).toBe('ticket')
    expect(`${row.sender_proof}, ${row.sender_reason}, ${row.comment_proof}`).toBe(end)
  },
)

function parts(): IntakeParts {
  return {
    database: desk.database,
    clock: desk.clock,
    desk: desk.desk,
    queue: { wakeLane: async () => {}, fetchFile: async () => {} },
    reader,
    senders,
    check: { believes: async () => true, takeBack: async () => false },
    files: folderStore(join(folder, 'files')),
    maxFileBytes: 1_000_000,
    ownAddresses: ['support@desk.example'],
    mailHost: 'desk.example',
    routeOf: () => ({ accountKey: null, groupKey: 'emea', regionKey: 'emea' }),
    triageChannelOf: () => 'CTRIAGE',
    secrets: { messageIdPart: (key) => key },
    log: { info: () => {}, error: () => {} },
  }
}

let uid = 0
async function store(text: string): Promise<void> {
  uid += 1
  const raw = Buffer.from(text)
  const mail = { mailbox: 'INBOX', uidValidity: 1n, uid, raw, receivedAt: desk.clock.now(), sizeOnServer: raw.length }
  await createInbox(desk.database, async () => {}).save(mail)
}
