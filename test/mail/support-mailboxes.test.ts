import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openSupportMailboxes } from '../../src/mail/support-mailboxes.ts'
import { type MailServer, startMailServer } from '../../src/sandbox/mail/mail-server.ts'
import { startWorld, type World } from '../support/world.ts'
import { MemoryStore } from './memory-store.ts'

const SALES = 'sales@acme.test'
let world: World
let sales: MailServer
let templatesDir: string

beforeAll(async () => {
  templatesDir = mkdtempSync(join(tmpdir(), 'deskhand-templates-'))
  cpSync('templates', templatesDir, { recursive: true })
  const deskFile = readFileSync('templates/desk.yaml', 'utf8')
  const mailboxes = `mailboxes:\n  sales: { address: ${SALES}, name: Acme Sales, group: sales }`
  writeFileSync(join(templatesDir, 'desk.yaml'), deskFile.replace('mailboxes: {}', mailboxes))
  sales = await startMailServer({ clock: systemClock, supportAddress: SALES, people: [] })
  world = await startWorld({
    mode: 'socket',
    templatesDir,
    mailboxes: { sales: { imapUrl: sales.imapUrl, smtpUrl: sales.smtpUrl } },
  })
}, 60_000)
afterAll(async () => {
  await world?.stop()
  await sales?.close()
  rmSync(templatesDir, { recursive: true, force: true })
})

const mail = (from: string, to: string, subject: string) =>
  Buffer.from(
    `From: Someone <${from}>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@x.test>\r\n\r\nWords\r\n`,
  )
const ticket = async (subject: string) => {
  const { rows } = await world.db.query(
    `select group_key, (select count(*)::int from comments where ticket_id = t.id) as comments from tickets t where subject = $1`,
    [subject],
  )
  return rows[0]
}
const head = (raw: Buffer | undefined) => (raw?.toString().split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ')

test('a ticket opened in a mailbox of its own belongs to its group and is answered from it', async () => {
  sales.deliver(mail('ada@shop.test', SALES, 'prices'), { to: [SALES] })
  world.mail.deliver(mail('ben@shop.test', world.supportAddress, 'printer'), { to: [world.supportAddress] })
  await world.settle()
  expect(await ticket('prices')).toEqual({ group_key: 'sales', comments: 1 })
  expect(await ticket('printer')).toEqual({ group_key: 'us', comments: 1 })
  const answer = head(sales.mailboxOf('ada@shop.test')[0]?.raw)
  expect(answer).toMatch(/^From: .*<sales@acme\.test>$/m)
  expect(answer).toMatch(/^Reply-To: .*sales\+\w+@acme\.test/m)
  expect(head(world.mail.mailboxOf('ben@shop.test')[0]?.raw)).toContain(`<${world.supportAddress}>`)
})

test('an answer to it joins its ticket', async () => {
  const replyTo = /^Reply-To: .*?([\w+]+@acme\.test)/m.exec(head(sales.mailboxOf('ada@shop.test')[0]?.raw))![1]!
  sales.deliver(mail('ada@shop.test', replyTo, 'Re: prices'), { to: [SALES] })
  await world.settle()
  expect(await ticket('prices')).toEqual({ group_key: 'sales', comments: 2 })
})

test('no ticket closes before every mailbox has been read past its deadline', async () => {
  const { rows } = await world.db.query('select mailbox from mailboxes order by mailbox')
  expect(rows.map(({ mailbox }) => mailbox)).toEqual(['INBOX', 'sales'])
})

test('a mailbox that only desk.yaml or only the settings know stops the start, by its name', () => {
  const url = 'imap://a:b@127.0.0.1:1'
  const open = (mailboxes: object, connections: object) =>
    openSupportMailboxes({
      own: { imapUrl: url, smtpUrl: 'smtp://a:b@127.0.0.1:1', supportAddress: 'help@acme.test', supportName: 'Help' },
      mailboxes: mailboxes as Record<string, { address: string; group: string }>,
      connections: connections as Record<string, { imapUrl: string }>,
      clock: systemClock,
      log: { info: () => {}, warn: () => {} },
      store: new MemoryStore(),
    })
  expect(() => open({ 'big-shop': { address: SALES, group: 'sales' } }, {})).toThrow(
    /^IMAP_URL_BIG_SHOP is missing: desk/,
  )
  expect(() => open({}, { sales: { imapUrl: url } })).toThrow(/^IMAP_URL_SALES is of no mailbox in desk\.yaml/)
})
