import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Inspection } from '../../src/cli/inspection.ts'

const run = promisify(execFile)
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskhand-inspect-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

async function inspect(...files: string[]): Promise<Inspection[]> {
  const { stdout } = await run(process.execPath, ['src/cli/mail-inspect.ts', ...files], { maxBuffer: 100_000_000 })
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('each file has its line, in order, and says what was read', async () => {
  const reply = write(
    'reply.eml',
    'Received: from a by b; Tue, 3 Mar 2026 17:10:09 +0100 (CET)\nDate: Tue, 3 Mar 2026 17:10:00 +0100\nFrom: Ada <ada@acme.example>\nTo: support@desk.example\nCc: Bruno <b@acme.example>\nReply-To: a2@acme.example\nSubject: Re: printer\nMessage-ID: <m1@acme.example>\nIn-Reply-To: <o1@desk.example>\nReferences: <o0@desk.example> <o1@desk.example>\n\nThanks!\n\nOn Tue, Mar 3, 2026 at 5:10 PM Kofi <k@desk.example> wrote:\n> Hello\n',
  )
  const away = write(
    'away.eml',
    'From: ada@acme.example\nSubject: Automatic reply: printer\nAuto-Submitted: auto-replied\n\nAway.',
  )
  const missing = join(folder, 'missing.eml')
  const empty = write('empty.eml', '')
  const lines = await inspect(reply, missing, away, empty, folder)
  expect(lines.map((line) => line.classification)).toEqual(['reply', 'rejected', 'auto-reply', 'rejected', 'rejected'])
  expect(lines[0]).toEqual({
    file: reply,
    kind: 'person',
    classification: 'reply',
    rule: 'none',
    reason: 'answers-a-mail',
    from: { address: 'ada@acme.example', name: 'Ada' },
    replyTo: [{ address: 'a2@acme.example', name: '' }],
    subject: 'Re: printer',
    to: [{ address: 'support@desk.example', name: '' }],
    cc: [{ address: 'b@acme.example', name: 'Bruno' }],
    messageId: 'm1@acme.example',
    inReplyTo: 'o1@desk.example',
    references: ['o0@desk.example', 'o1@desk.example'],
    visibleText: 'Thanks!',
    fullText: 'Thanks!\n\nOn Tue, Mar 3, 2026 at 5:10 PM Kofi <k@desk.example> wrote:\n> Hello',
    date: '2026-03-03T16:10:00.000Z',
    receivedAt: '2026-03-03T16:10:09.000Z',
    cut: true,
    text: 'Thanks!\n\nOn Tue, Mar 3, 2026 at 5:10 PM Kofi <k@desk.example> wrote:\n> Hello\n',
    html: null,
    attachments: [],
    report: null,
    errors: [],
    ms: expect.any(Number),
  })
  expect(lines[1]?.errors[0]).toContain('missing.eml')
  expect(lines.map((line) => line.kind)).toEqual([
    'person',
    'unreadable',
    'automatic-reply',
    'unreadable',
    'unreadable',
  ])
  expect(lines[4]?.errors[0]).toContain('is a folder')
})

test('a bounce tells of whom and how hard, whoever wrote the mail; files tell their content', async () => {
  const bounce = (status: string, action: string) =>
    `From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ada@acme.example\nAction: ${action}\nStatus: ${status}\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <foreign@x.example>\n\nHello\n--b--\n`
  const report = { recipient: 'ada@acme.example', originalMessageId: 'foreign@x.example' }
  const lines = await inspect(
    write('gone.eml', bounce('5.1.1', 'failed')),
    write('full.eml', bounce('5.2.2', 'failed')),
    write('late.eml', bounce('4.4.1', 'delayed')),
    write(
      'file.eml',
      'From: ada@acme.example\nContent-Type: image/png\nContent-ID: <i1>\nContent-Disposition: inline\n\nABC',
    ),
  )
  expect(lines.map((line) => [line.kind, line.report])).toEqual([
    ['bounce', { ...report, status: '5.1.1', action: 'failed', hard: true }],
    ['bounce', { ...report, status: '5.2.2', action: 'failed', hard: false }],
    ['bounce', { ...report, status: '4.4.1', action: 'delayed', hard: false }],
    ['person', null],
  ])
  expect(lines[3]?.attachments).toEqual([
    {
      filename: 'image.png',
      contentType: 'image/png',
      size: 3,
      contentId: 'i1',
      inline: true,
      sha256: createHash('sha256').update('ABC').digest('hex'),
    },
  ])
})

test('a mail on standard input is -, and --help says what the line holds', async () => {
  const piped = await run('sh', [
    '-c',
    `printf 'From: ada@acme.example\\nSubject: piped\\n\\nHello' | "${process.execPath}" src/cli/mail-inspect.ts -`,
  ])
  expect(JSON.parse(piped.stdout)).toMatchObject({ file: '-', subject: 'piped', visibleText: 'Hello' })
  const help = await run(process.execPath, ['src/cli/mail-inspect.ts', '--help'])
  for (const field of Object.keys(JSON.parse(piped.stdout)).filter((name) => name !== 'file'))
    expect(help.stdout).toMatch(new RegExp(`\\b${field}\\b`))
})

test('a thousand files come through a pipe that reads slowly, and a closed pipe is no failure', async () => {
  const file = write('new.eml', `From: ada@acme.example\nSubject: x\n\n${'hello '.repeat(500)}`)
  const lines = await inspect(...Array.from({ length: 1_000 }, () => file))
  expect(lines).toHaveLength(1_000)
  expect(new Set(lines.map((line) => line.classification))).toEqual(new Set(['ticket']))
  const { stdout } = await run('sh', [
    '-c',
    `"${process.execPath}" src/cli/mail-inspect.ts ${`"${file}" `.repeat(300)} | head -n 1`,
  ])
  expect(JSON.parse(stdout).subject).toBe('x')
})

test('without a file it says how it is used', async () => {
  await expect(run(process.execPath, ['src/cli/mail-inspect.ts'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('usage'),
  })
})
