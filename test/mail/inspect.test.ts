import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Inspection } from '../../src/cli/mail-inspect.ts'

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
    'From: Ada <ada@acme.example>\nTo: support@desk.example\nCc: Bruno <b@acme.example>\nReply-To: a2@acme.example\nSubject: Re: printer\nMessage-ID: <m1@acme.example>\nIn-Reply-To: <o1@desk.example>\nReferences: <o0@desk.example> <o1@desk.example>\n\nThanks!\n\nOn Tue, Mar 3, 2026 at 5:10 PM Kofi <k@desk.example> wrote:\n> Hello\n',
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
    attachments: [],
    classification: 'reply',
    reason: 'answers-a-mail',
    errors: [],
  })
  expect(lines[1]?.errors[0]).toContain('missing.eml')
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
