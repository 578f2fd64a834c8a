import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailCommand } from '../../src/cli/mail.ts'
import { fetched, rawMail, rowOf, shown } from '../mail/rows.ts'
import { buttonIn, mailsTo, press, writeMail } from '../support/acting.ts'
import { eventually, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

let world: World
let accepted: number
let held: number

beforeAll(async () => {
  world = await startWorld({ mode: 'socket' })
  await writeMail(world, { from: 'kim@new.example', fromName: 'Kim', subject: 'The printer', text: 'Please help.' })
  await world.settle()
  const to = mailsTo(world, 'kim@new.example')[0]!.replyTo
  const eve = { from: 'Eve <eve@partner.example>', to, subject: 'Re: The printer' }
  accepted = (await fetched(world, rawMail(world, eve, 'I know it'))).id
  held = (await fetched(world, rawMail(world, eve, 'I know more \u001b[31m'))).id
  await press(world, KOFI, shown(world, `mail-notice/${accepted}`), 'mail.accept')
  await eventually(async () => expect(await rowOf(world, accepted)).toMatchObject({ outcome: 'reply' }))
  await world.settle()
})
afterAll(() => world?.stop())

describe('npm run -s mail', () => {
  test('says what it can do', async () => {
    const { code, out } = await mail()
    expect(code).toBe(2)
    for (const word of ['explain ID', 'replay ID --do', 'list [--outcome']) expect(out).toContain(word)
    expect((await mail('--help')).code).toBe(0)
    expect(await mail('expain', '1')).toMatchObject({ code: 1, err: expect.stringContaining('no command expain') })
    expect(await mail('list', '--outcom', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('--outcom') })
  })

  test('is a program of its own, with an exit code', async () => {
    const env = { ...process.env, DATABASE_URL: world.db.options.connectionString ?? '' }
    const child = spawn(process.execPath, ['src/cli/mail.ts', 'explain', '1'], { env })
    let out = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
    expect(out).toContain('Mail 1: ticket')
  })

  test('says what to do where there is no such mail, number, outcome or database', async () => {
    expect(await mail('explain', '999')).toMatchObject({ code: 1, err: expect.stringContaining('mail -- list') })
    expect(await mail('explain')).toMatchObject({ code: 1, err: expect.stringContaining('ID is missing') })
    expect(await mail('explain', 'x')).toMatchObject({ code: 1, err: expect.stringContaining('no number') })
    expect(await mail('list', '--outcome', 'hold')).toMatchObject({
      code: 1,
      err: expect.stringContaining('or waiting'),
    })
    const nowhere = await mailWith({ DATABASE_URL: '', DATA_DIR: '/nowhere' }, 'list')
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('Start Deskhand') })
  })

  test('list has the newest first, with number, end, ticket, sender and subject', async () => {
    const { out } = await mail('list')
    const lines = out.trim().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(new RegExp(`^ *${held}  .* UTC  held +#1001 +eve@partner.example  Re: The printer$`))
    expect(lines[2]).toMatch(/ticket +#1001 +kim@new\.example {2}The printer$/)
    expect((await mail('list', '--outcome', 'held')).out.trim().split('\n')).toHaveLength(1)
    expect((await mail('list', '--limit', '1')).out.trim().split('\n')).toHaveLength(1)
    expect((await mail('list', '--outcome', 'spam')).out).toBe('No mail is spam.\n')
  })

  test('explain tells who, when, to whom, why, what was seen, what was decided and what it led to', async () => {
    const { code, out } = await mail('explain', String(accepted))
    expect(code).toBe(0)
    for (const fact of [
      `Mail ${accepted}: reply`,
      'From:           Eve <eve@partner.example>',
      'Subject:        Re: The printer',
      'Why: Somebody who is not on this request answered it.',
      'Rule:           ticket-reply (unknown-author-on-ticket)',
      'At first:       held',
      'Since:          accepted by Kofi Mensah',
      'the reply address of ticket 1001, with kim@new.example',
      'It is on ticket 1001 “The printer” of Kim, open now.',
      'ticket 1001  joined by Eve',
      'ticket 1001  replied by Eve',
      'reply to kim@new.example: sent',
    ])
      expect(out).toContain(fact)
    expect(out).not.toContain('I know it')
  })

  test('explain of a first mail has the acknowledgement that a machine sent', async () => {
    const { out } = await mail('explain', '1')
    expect(out).toContain('Why: A new request.')
    expect(out).toContain('ticket 1001  opened by Kim')
    expect(out).toContain('opened to kim@new.example: sent, by the machine')
  })

  test('nothing a stranger wrote moves the cursor of a terminal', async () => {
    const nasty = rawMail(
      world,
      { subject: '=?utf-8?q?=1B[2J=E2=80=AEgone?=', from: '=?utf-8?q?=1B]0;x=07?= <x@y.example>' },
      'x',
    )
    const { id } = await fetched(world, nasty)
    for (const { out } of [await mail('explain', String(id)), await mail('list')])
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })
})

describe('npm run -s mail -- replay', () => {
  test('shows what would differ, and changes nothing', async () => {
    const before = await rowOf(world, held)
    const { code, out } = await mail('replay', String(held))
    expect(code).toBe(0)
    expect(out).toContain(
      `Mail ${held} was:      held beside ticket 1001, by rule ticket-reply (unknown-author-on-ticket).`,
    )
    expect(out).toContain('Today it would be: reply on ticket 1001, by rule ticket-reply (reply-address).')
    expect(out).toContain(`npm run -s mail -- replay ${held} --do`)
    expect(await rowOf(world, held)).toEqual(before)
  })

  test('--do has it done once by the running product, as a cause of its own, and its notice says so', async () => {
    const running = mail('replay', String(held), '--do')
    let isOver = false
    void running.then(() => (isOver = true))
    while (!isOver) await world.settle()
    const { code, out } = await running
    expect(code).toBe(0)
    expect(out).toContain(`Mail ${held}: reply`)
    expect(out).toContain('Replayed:       1 times')
    expect(await rowOf(world, held)).toMatchObject({
      outcome: 'reply',
      first_outcome: 'held',
      replays: 1,
      ticket_id: 1001,
    })
    const { rows } = await world.db.query('select source from events where ticket_id = 1001 order by id desc limit 1')
    expect(rows).toEqual([{ source: `mail/${held}/replay/1` }])
    await world.settle()
    const notice = shown(world, `mail-notice/${held}`)
    expect(wordsOf(notice)).toContain('looked at again with today’s rules')
    expect(wordsOf(notice)).toContain('I know more')
    expect(buttonIn(notice, 'mail.accept')).toBe(false)
  })

  test('--do refuses what is on a ticket, and what would not differ', async () => {
    const twice = await mail('replay', String(held), '--do')
    expect(twice).toMatchObject({ code: 1, err: 'Nothing was done: its words are on ticket 1001 already.\n' })
    const { id } = await fetched(world, rawMail(world, { 'x-spam-flag': 'YES' }, 'Buy'))
    expect((await mail('replay', String(id))).out).toContain('Nothing would differ.')
    expect(await mail('replay', String(id), '--do')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing would differ'),
    })
    expect(await rowOf(world, id)).toMatchObject({ outcome: 'spam', replays: 0 })
  })
})

function mail(...args: string[]) {
  return mailWith({ DATABASE_URL: world.db.options.connectionString ?? '' }, ...args)
}

async function mailWith(env: Record<string, string>, ...args: string[]) {
  let [out, err] = ['', '']
  const code = await mailCommand(args, {
    env,
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
  })
  return { code, out, err }
}
