import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mailsTo, press, writeMail } from '../support/acting.ts'
import { BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'
import { latest, rowOf } from './rows.ts'

// EMEA's tickets have a channel of their own, in which Bruno is and Kofi is not.
let world: World
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-templates-'))
  await cp('templates', folder, { recursive: true })
  const file = join(folder, 'desk.yaml')
  const desk = await readFile(file, 'utf8')
  await writeFile(file, desk.replace('emea: { name: Support EMEA }', `emea: { name: E, triageChannel: ${GENERAL} }`))
  world = await startWorld({
    mode: 'socket',
    templatesDir: folder,
    prepare: (slack) => {
      const channel = slack.state.channel(GENERAL)!
      channel.members = [...channel.members.filter((id) => id !== KOFI), 'U0DESKHAND']
    },
  })
})
afterAll(async () => {
  await world?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('held mail goes to those who work on the ticket it wanted, and they alone decide about it', async () => {
  await writeMail(world, { from: 'ada@acme.example', subject: 'For EMEA', text: 'Help' })
  await world.settle()
  await world.db.query(`update tickets set group_key = 'emea' where id = 1001`)
  const to = mailsTo(world, 'ada@acme.example')[0]!.replyTo
  await writeMail(world, { from: 'eve@partner.example', to: [to], subject: 'Re: For EMEA', text: 'I know it' })
  await world.settle()
  const { id } = await latest(world)
  expect(JSON.stringify(world.slack.state.all(TRIAGE))).not.toContain('I know it')
  const notice = world.slack.state.all(GENERAL).find((message) => wordsOf(message).includes('I know it'))!

  await world.slack.people.click(KOFI, { channelId: GENERAL, ts: notice.ts }, 'mail.accept').catch(() => {})
  await world.settle()
  expect(await rowOf(world, id)).toMatchObject({ outcome: 'held' })
  await press(world, BRUNO, notice, 'mail.accept')
  await eventually(async () => expect(await rowOf(world, id)).toMatchObject({ outcome: 'reply', ticket_id: 1001 }))
  await eventually(async () => {
    await world.settle()
    const decided = world.slack.state.all(GENERAL).find(({ ts }) => ts === notice.ts)!
    expect(wordsOf(decided)).toContain('Bruno Dias accepted this mail')
  })
})
