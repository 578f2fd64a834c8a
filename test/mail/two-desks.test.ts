import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromDesk, ONE, startTwoDesks, TWO, type TwoDesks } from './two-desks.ts'

let desks: TwoDesks
beforeAll(async () => {
  desks = await startTwoDesks()
}, 60_000)
afterAll(() => desks?.stop())

test('E16 two desks that write to each other soon fall silent', { timeout: 60_000 }, async () => {
  desks.mails.push(fromDesk(TWO, ONE))
  desks.one.mail.deliver(desks.mails[0]!, { to: [ONE] })
  await desks.play()
  for (let minute = 0; minute < 10; minute++) {
    await Promise.all([desks.one.clock.push(60_000), desks.two.clock.push(60_000)])
    await desks.play()
  }
  expect(desks.mails.length).toBeGreaterThan(1)
  expect(desks.mails.length).toBeLessThanOrEqual(4)
})
