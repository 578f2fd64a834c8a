import { SMTPServer } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMailboxCheck } from '../../src/mail/mailbox-check.ts'
import { createSecrets } from '../../src/secrets.ts'
import { type Dovecot, noDovecot, startDovecot } from '../mail/dovecot.ts'
import { mailsTo } from '../support/acting.ts'
import { startDesk, type TestDesk } from '../support/desk.ts'
import { eventually, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { mailOf, receive } from './scene.ts'

const HOUR = 60 * 60_000
const AUTHSERV_ID = 'mail.sandbox.test'

let world: World

describe('E9 a mail to ourselves shows what the mail server lets in', () => {
  afterEach(() => world.stop())

  test('E9 removed: believed; the mail is a row of its own kind, and no ticket, notice or second mail comes of it', async () => {
    world = await startWorld({ mode: 'socket', checksMailbox: true })
    await verdictIs('removed')
    const [sent] = world.mail.sentBy(world.supportAddress)
    expect(sent!.raw.toString()).toMatch(/^Authentication-Results: mail\.sandbox\.test; dmarc=pass/m)
    expect(await ends()).toEqual(['check mailbox-check mailbox-check'])
    await world.restart()
    await world.push(25 * HOUR)
    expect(world.mail.sentBy(world.supportAddress)).toHaveLength(1)
    expect(await tickets()).toBe(0)
    expect(world.slack.state.messages(TRIAGE, { viewer: KOFI })).toEqual([])
    expect(await readyz()).toEqual({ status: 'ready' })
    expect(await proofOf('dmarc=pass header.from=client.example')).toBe('verified, dmarc-pass')
  })

  test('E9 kept: not believed from then on, and the operator is told; believed again a day after it was mended', async () => {
    world = await startWorld({
      mode: 'socket',
      checksMailbox: true,
      prepareMail: (mail) => mail.faults.keepForgedResults(true),
    })
    await verdictIs('kept')
    await world.settle()
    expect(await proofOf('dmarc=pass header.from=client.example')).toBe('unproven, not-signed')
    expect(await readyz()).toEqual({
      status: 'ready',
      notices: { 'mail-senders': expect.stringContaining(`${world.supportAddress} lets in forged`) },
    })
    const notes = () =>
      world.slack.state
        .messages(TRIAGE, { viewer: KOFI })
        .map(wordsOf)
        .filter((text) => text.includes('forged proof'))
    expect(notes()).toHaveLength(1)
    expect(notes()[0]).toContain(world.supportAddress)

    // While the next mail is on its way nothing is believed that was not before.
    world.mail.faults.keepForgedResults(false)
    world.mail.faults.temporary(world.supportAddress, 1)
    await world.push(25 * HOUR)
    expect(await proofOf('dmarc=pass header.from=client.example')).toBe('unproven, not-signed')
    await world.db.query(`update outbox set next_at = now() where kind = 'check' and state = 'waiting'`)
    await world.push(60_000)
    await verdictIs('removed')
    expect(await proofOf('dmarc=pass header.from=client.example')).toBe('verified, dmarc-pass')
    expect(await readyz()).toEqual({ status: 'ready' })
    expect(notes()).toHaveLength(1)
  })

  test('E9 sent twice by a crash, one forgery kept is enough; what is not ours settles nothing', async () => {
    world = await startWorld({ mode: 'socket', checksMailbox: true })
    await verdictIs('removed')
    const own = world.mail.sentBy(world.supportAddress)[0]!.raw
    const guessed = own
      .toString()
      .replace(/[a-z2-7]{26}/g, 'a'.repeat(26))
      .replace(/^Message-ID: <./im, 'Message-ID: <b')
    await receive(world, Buffer.from(guessed))
    expect(await ends()).toEqual(['check mailbox-check mailbox-check', 'loop loop own-mail'])
    await verdictIs('removed')
    await receive(world, own)
    expect(await ends()).toEqual([
      'check mailbox-check mailbox-check',
      'loop loop own-mail',
      'check mailbox-check mailbox-check',
    ])
    await verdictIs('kept')
    expect(await tickets()).toBe(0)
  })
})

describe('E9 when the mail to ourselves is sent', () => {
  let desk: TestDesk
  const said: string[] = []
  beforeAll(async () => {
    desk = await startDesk()
  })
  afterAll(() => desk.end())

  test('E9 once for each mailbox and name however many processes ask, and not before the mailbox was read', async () => {
    await asked('mx.one', 3)
    expect(await sent()).toBe(0)
    await desk.database.query(`insert into mailboxes (mailbox, uid_validity, last_uid) values ('INBOX', 1, 0)`)
    await asked('mx.one', 10)
    expect(await sent()).toBe(1)
    await asked('mx.two', 10)
    expect(await sent()).toBe(2)
    await asked('mx.two', 10)
    expect(await sent()).toBe(2)
  })

  test('E9 one that does not come back within an hour is said once, and tried again a day later', async () => {
    await desk.clock.push(2 * HOUR)
    await asked('mx.one', 3)
    expect(said).toEqual(['our mail to ourselves has not come back for an hour'])
    expect(await sent()).toBe(2)
    expect(await check('mx.one').believes('INBOX')).toBe(true)
    await desk.clock.push(23 * HOUR)
    await asked('mx.one', 3)
    expect(await sent()).toBe(3)
  })

  test('E9 without a name whose word is taken nothing is sent', async () => {
    await asked(null, 2)
    expect(await sent()).toBe(3)
  })

  const asked = (authservId: string | null, times: number) =>
    Promise.all(Array.from({ length: times }, () => check(authservId).begin()))
  const sent = () => desk.count('outbox', `kind = 'check'`)
  const check = (authservId: string | null) =>
    createMailboxCheck({
      database: desk.database,
      clock: desk.clock,
      secrets: createSecrets('a secret of these tests'),
      authservId,
      addresses: new Map([['INBOX', 'support@desk.example']]),
      mailHost: 'desk.example',
      queue: { wakeLane: async () => {}, fetchFile: async () => {} },
      triageChannelOf: () => 'CTRIAGE',
      log: { info: () => {}, error: () => {}, warn: (_, message) => void said.push(message) },
    })
})

const reason = noDovecot()
if (reason) console.log(`skipped, the check of a mailbox on Dovecot: ${reason}`)
describe.skipIf(reason !== null)('E9 on a Dovecot into which mail goes as it comes', () => {
  let dovecot: Dovecot
  let smtp: SMTPServer
  beforeAll(async () => {
    dovecot = await startDovecot()
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData(stream, _session, done) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          dovecot.put([Buffer.concat(chunks)])
          done()
        })
      },
    })
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
  }, 20_000)
  afterAll(async () => {
    await world?.stop()
    await new Promise<void>((resolve) => smtp?.close(() => resolve()))
    await dovecot?.stop()
  })

  test('E9 a server that removes nothing is found out', async () => {
    const { port } = smtp.server.address() as { port: number }
    const mailServers = { imapUrl: dovecot.url, smtpUrl: `smtp://127.0.0.1:${port}` }
    world = await startWorld({ mode: 'socket', checksMailbox: true, mailServers })
    await verdictIs('kept')
    expect(await ends()).toEqual(['check mailbox-check mailbox-check'])
  })
})

async function verdictIs(verdict: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await world.db.query(
      'select mailbox, authserv_id, verdict from mailbox_checks where arrived_at is not null',
    )
    expect(rows).toEqual([{ mailbox: 'INBOX', authserv_id: AUTHSERV_ID, verdict }])
  })
}

async function ends(): Promise<string[]> {
  const { rows } = await world.db.query('select outcome, rule, reason from inbound_mails order by id')
  return rows.map(({ outcome, rule, reason }) => `${outcome} ${rule} ${reason}`)
}

async function tickets(): Promise<number> {
  return (await world.db.query('select count(*)::int as n from tickets')).rows[0].n
}

let asks = 0

/** What is found out about the sender of a new mail with these results. */
async function proofOf(results: string): Promise<string> {
  asks += 1
  const fields = `From: olga${asks}@client.example\nTo: ${world.supportAddress}\nSubject: Ask ${asks}\nMessage-ID: <ask-${asks}@client.example>`
  await receive(world, mailOf(fields, `Question ${asks}.`, results))
  const { rows } = await world.db.query('select sender_proof, sender_reason from inbound_mails where subject = $1', [
    `Ask ${asks}`,
  ])
  expect(mailsTo(world, `olga${asks}@client.example`).length).toBeLessThanOrEqual(1)
  return `${rows[0].sender_proof}, ${rows[0].sender_reason}`
}

async function readyz(): Promise<unknown> {
  return (await fetch(`${world.url}/readyz`)).json()
}
