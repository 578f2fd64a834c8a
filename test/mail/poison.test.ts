import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type IntakeParts, understandMail } from '../../src/mail/intake.ts'
import { ledgerAddsUp } from '../../src/mail/ledger.ts'
import { MailReader } from '../../src/mail/reader.ts'
import { SenderThread } from '../../src/mail/sender/sender-thread.ts'
import { folderStore } from '../../src/store/files.ts'
import { createInbox } from '../../src/store/inbox.ts'
import { startDesk, type TestDesk } from '../support/desk.ts'

const TRIES = 5
const STARTS = 20
let desk: TestDesk
let folder: string
let reader: MailReader
let senders: SenderThread
let shown: string[] = []

beforeAll(async () => {
  desk = await startDesk()
  folder = await mkdtemp(join(tmpdir(), 'deskhand-poison-'))
  reader = new MailReader()
  senders = new SenderThread({ authservId: 'mx.desk.example', clock: desk.clock })
})
afterEach(async () => {
  shown = []
  await desk.database.query('truncate inbound_mails, fetched_mails, mailboxes cascade')
})
afterAll(async () => {
  await Promise.all([reader.close(), senders.close()])
  await desk.end()
  await rm(folder, { recursive: true, force: true })
})

describe('a mail we cannot get through', () => {
  test('whose reading fails ends unreadable after its tries, is shown to staff, and holds up nobody', async () => {
    const failing = {
      read: async (raw: Buffer) => {
        if (raw.includes('poison')) throw new Error('the reader broke')
        return reader.read(raw)
      },
    }
    const poison = await stored('poison')
    const good = await stored('a good one')
    await understandMail(parts({ reader: failing }))
    expect(await endOf(poison)).toMatchObject({ state: 'stored', problem: 'Error: the reader broke' })
    expect(await endOf(good)).toMatchObject({ outcome: 'ticket' })
    await everyTry(parts({ reader: failing }))
    expect(await endOf(poison)).toMatchObject({
      outcome: 'unreadable',
      rule: 'intake',
      attempts: TRIES,
      raw: expect.any(Buffer),
    })
    expect(shown).toEqual(['slack:CTRIAGE'])
  })

  test('whose files cannot be kept ends so too, with its ticket never half made', async () => {
    const notAFolder = join(folder, 'a-file')
    await writeFile(notAFolder, '')
    const full = parts({ files: folderStore(notAFolder) })
    const withFile = await stored('see attached', true)
    const good = await stored('no file at all')
    const before = await desk.count('tickets')
    await everyTry(full)
    expect(await endOf(withFile)).toMatchObject({ outcome: 'unreadable', rule: 'intake', ticket_id: null })
    expect(await endOf(good)).toMatchObject({ outcome: 'ticket' })
    expect(await desk.count('tickets')).toBe(before + 1)
  })

  test('that was being read when the product stopped is read again by the next start', async () => {
    const closing = new MailReader()
    const id = await stored('in the middle')
    const running = understandMail(
      parts({
        reader: {
          read: async (raw) => {
            const reading = closing.read(raw)
            await closing.close()
            return reading
          },
        },
      }),
    )
    await running
    expect(await endOf(id)).toMatchObject({ state: 'stored', outcome: null })
    await everyTry(parts())
    expect(await endOf(id)).toMatchObject({ outcome: 'ticket' })
  })

  test('that is got through at the second try leaves one ticket and no notice', async () => {
    let isFirst = true
    const flaky = {
      read: async (raw: Buffer) => {
        if (isFirst) {
          isFirst = false
          throw new Error('once')
        }
        return reader.read(raw)
      },
    }
    const id = await stored('at last')
    await everyTry(parts({ reader: flaky }))
    expect(await endOf(id)).toMatchObject({ outcome: 'ticket', attempts: 2 })
    expect(shown).toEqual([])
  })

  test('that brought the process down at every try is not read again, and the one behind it is', async () => {
    const begun: string[] = []
    const deadlyReader = {
      read: (raw: Buffer) => {
        begun.push(raw.toString())
        // The process dies here: nothing after the beginning of the try is written.
        return new Promise<never>(() => {})
      },
    }
    const deadly = await stored('deadly')
    const good = await stored('behind it')
    for (let starts = 1; starts <= STARTS; starts++) {
      void understandMail(parts({ reader: deadlyReader }))
      await vi.waitFor(() => expect(begun).toHaveLength(starts))
    }
    await understandMail(parts())
    expect(await endOf(deadly)).toMatchObject({ outcome: 'unreadable', rule: 'intake', attempts: STARTS })
    expect(await endOf(good)).toMatchObject({ outcome: 'ticket', attempts: 1 })
    expect(begun.filter((raw) => !raw.includes('deadly'))).toEqual([])
  })

  test('waits longer before each try, and is no problem of the ledger while it has tries left', async () => {
    const broken = { read: () => Promise.reject(new Error('broken')) }
    const id = await stored('waiting')
    const waits: number[] = []
    for (let tries = 1; tries < TRIES; tries++) {
      await understandMail(parts({ reader: broken }))
      const { rows } = await desk.database.query(
        'select round(extract(epoch from retry_at - now()))::int as seconds from inbound_mails where id = $1',
        [id],
      )
      waits.push(rows[0]!.seconds)
      expect(await ledgerAddsUp(desk.database)).toBe(true)
      await due()
    }
    expect(waits).toEqual([1, 4, 16, 64])
  })
})

function parts(changed: Partial<IntakeParts> = {}): IntakeParts {
  return {
    database: desk.database,
    clock: desk.clock,
    desk: desk.desk,
    queue: { wakeLane: async (_tx, lane) => void shown.push(lane), fetchFile: async () => {} },
    reader,
    senders,
    check: { believes: async () => true, takeBack: async () => false },
    files: folderStore(join(folder, 'files')),
    maxFileBytes: 1_000_000,
    ownAddresses: ['help@desk.example'],
    mailHost: 'desk.example',
    routeOf: () => ({ accountKey: null, groupKey: 'emea', regionKey: 'emea' }),
    triageChannelOf: () => 'CTRIAGE',
    secrets: { messageIdPart: (key) => key },
    log: { info: () => {}, error: () => {} },
    ...changed,
  }
}

async function everyTry(intake: IntakeParts): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    await understandMail(intake)
    await due()
  }
}

/** As if the wait for the next try were over. */
async function due(): Promise<void> {
  await desk.database.query(`update inbound_mails set retry_at = now() where state = 'stored'`)
}

let uid = 0
async function stored(text: string, hasFile = false): Promise<number> {
  uid += 1
  const head = `From: Ann <ann@x.example>\r\nTo: help@desk.example\r\nSubject: ${text}\r\nMessage-ID: <${uid}@x.example>`
  const file =
    'Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF'
  const body = hasFile
    ? `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${text}\r\n--b\r\n${file}\r\n--b--\r\n`
    : `\r\n${text}\r\n`
  const raw = Buffer.from(`${head}\r\n${body}`)
  const mail = { mailbox: 'INBOX', uidValidity: 1n, uid, raw, receivedAt: desk.clock.now(), sizeOnServer: raw.length }
  await createInbox(desk.database, async () => {}).save(mail)
  return (await desk.database.query<{ id: number }>('select max(id) as id from inbound_mails')).rows[0]!.id
}

async function endOf(id: number) {
  return (await desk.database.query('select * from inbound_mails where id = $1', [id])).rows[0]
}
