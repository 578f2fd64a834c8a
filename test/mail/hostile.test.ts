import { afterAll, beforeAll, expect, test } from 'vitest'
import { random } from '../support/random.ts'
import { startWorld, type World } from '../support/world.ts'
import { hostileMails } from './hostile.ts'

const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const COUNT = 20 // of more than 70 kinds, others in each run; `npm run torture -- mail G12` takes them all

let world: World
beforeAll(async () => {
  world = await startWorld()
}, 60_000)
afterAll(() => world?.stop())

test(`E26 E29 each of ${COUNT} hostile mails ends once, and the plain mail behind it is a ticket (seed ${seed})`, {
  timeout: 120_000,
}, async () => {
  const { mail, supportAddress, db } = world
  const chance = random(seed)
  const all = hostileMails(72, chance, supportAddress)
  const some = Array.from({ length: COUNT }, () => all.splice(chance.between(0, all.length - 1), 1)[0]!)
  for (const [number, { raw }] of some.entries()) {
    mail.deliver(raw, { to: [supportAddress] })
    const plain = `From: c${number}@client.test\r\nTo: ${supportAddress}\r\nSubject: Plain ${number}\r\n\r\nHelp ${number}\r\n`
    mail.deliver(Buffer.from(plain), { to: [supportAddress] })
  }
  await world.settle()
  const { rows } = await db.query(`select count(*)::int as mails, count(outcome)::int as ended,
    (select count(*)::int from tickets where subject like 'Plain %') as plain from inbound_mails`)
  expect(rows[0]).toEqual({ mails: 2 * COUNT, ended: 2 * COUNT, plain: COUNT })
  const { rows: copied } = await db.query(
    `select count(*)::int from ticket_ccs group by ticket_id order by 1 desc limit 1`,
  )
  expect(copied[0]?.count ?? 0).toBeLessThanOrEqual(40)
})
