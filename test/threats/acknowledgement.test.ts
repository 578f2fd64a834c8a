import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from '../support/world.ts'
import { leaks, mailOf, receive } from './scene.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const WORDS = 'BUY-CHEAP-AT-EVIL'
const COUNT = 500

test(`E17 ${COUNT} mails in the names of victims: none of whom lies about them, one a day at most where nobody knows, no word of the sender`, {
  timeout: 240_000,
}, async () => {
  for (let from = 0; from < COUNT; from += 50)
    await receive(world, ...Array.from({ length: 50 }, (_, at) => forgery(from + at)))
  const { rows } = await world.db.query(
    `select count(*)::int as n, count(outcome)::int as ended from inbound_mails where outcome <> 'duplicate'`,
  )
  expect(rows).toEqual([{ n: COUNT, ended: COUNT }])
  const addresses: string[] = (await (await fetch(`${world.url}/sandbox/mail/mailboxes`)).json()).map(
    ({ address }: { address: string }) => address,
  )
  const victims = addresses.filter((address) => address.endsWith('@victim.test'))
  const got = victims.map((address) => ({ address, mails: world.mail.mailboxOf(address) }))
  // Whoever is called by a mail that lies, or is only copied or named in it, hears nothing.
  expect(got.filter(({ address, mails }) => address.startsWith('lied-') && mails.length > 0)).toEqual([])
  const perhaps = got.filter(({ address }) => address.startsWith('perhaps-'))
  expect(perhaps.length).toBeGreaterThan(10)
  for (const { mails } of perhaps) expect(mails.length).toBeLessThanOrEqual(1)
  for (const { mails } of got)
    for (const { raw } of mails) {
      const text = `${raw.toString()}${decoded(raw)}`
      expect(text).not.toContain(WORDS)
      expect(text).toContain('Auto-Submitted: auto-replied')
    }
  expect((await leaks(world)).secrets).toEqual([])
})

/** The base64 in a mail, decoded: a word may hide in it. */
function decoded(raw: Buffer): string {
  return [...raw.toString().matchAll(/[A-Za-z0-9+/]{20,}={0,2}/g)]
    .map(([text]) => Buffer.from(text, 'base64').toString())
    .join()
}

type Way = (
  lied: string,
  perhaps: string,
  evil: string,
) => { from: string; results: string; more?: string; to?: string }

const fail = 'dmarc=fail header.from=victim.test'
const none = 'dmarc=none header.from=victim.test'
const evilPass = 'dmarc=pass header.from=evil.example'

const ways: Way[] = [
  (lied) => ({ from: lied, results: fail }),
  (lied) => ({ from: `${WORDS} <${lied}>`, results: fail }),
  (lied) => ({ from: lied, results: evilPass }),
  (lied) => ({ from: lied, results: fail, more: `Reply-To: ${lied}` }),
  (lied) => ({ from: lied, results: `dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example; ${fail}` }),
  (lied, _, evil) => ({ from: evil, results: evilPass, more: `Reply-To: ${lied}\nSender: ${lied}` }),
  (lied, _, evil) => ({ from: evil, results: evilPass, more: `Cc: ${lied}, "${WORDS}" <${lied}>` }),
  (lied, _, evil) => ({
    from: evil,
    results: evilPass,
    more: `Bcc: ${lied}\nResent-From: ${lied}\nResent-To: ${lied}`,
  }),
  (lied, _, evil) => ({ from: `"${lied}" <${evil}>`, results: evilPass, more: `Return-Path: <${lied}>` }),
  (lied, _, evil) => ({
    from: evil,
    results: evilPass,
    more: `Disposition-Notification-To: ${lied}\nReturn-Receipt-To: ${lied}\nErrors-To: ${lied}`,
  }),
  (lied, _, evil) => ({ from: `${lied}\nFrom: ${evil}`, results: evilPass }),
  (lied, _, evil) => ({ from: `${evil}\nFrom: ${lied}`, results: evilPass }),
  (lied, _, evil) => ({ from: `${lied}, ${evil}`, results: evilPass }),
  (lied, _, evil) => ({ from: `Group: ${lied}, ${evil};`, results: evilPass }),
  (lied) => ({ from: `=?utf-8?q?=3C${lied.replace('@', '=40')}=3E?=`, results: evilPass }),
  (lied) => ({ from: `"${lied},${WORDS}"@evil.example`, results: evilPass }),
  (lied, _, evil) => ({ from: `${evil.replace('@', '%evil.example@')} (${lied})`, results: evilPass }),
  (lied, _, evil) => ({ from: `<@victim.test:${evil}>`, results: evilPass, more: `Reply-To: ${lied}` }),
  (lied) => ({ from: `<${lied}>`, results: 'dmarc=pass header.from=victim.test.evil.example' }),
  (lied, _, evil) => ({ from: evil, results: evilPass, to: `${lied}, ${world.supportAddress}` }),
  // Nobody can tell: their server publishes nothing to be checked by.
  (_, perhaps) => ({ from: perhaps, results: none }),
  (_, perhaps) => ({ from: `${WORDS} <${perhaps}>`, results: none }),
  (_, perhaps) => ({ from: `"${WORDS} at evil.example" <${perhaps.replace('@', '+x@')}>`, results: none }),
  (_, perhaps) => ({ from: perhaps.toUpperCase(), results: none, more: `Reply-To: ${WORDS} <${perhaps}>` }),
  (_, perhaps) => ({ from: perhaps, results: 'spf=pass smtp.mailfrom=evil.example', more: 'Precedence: bulk' }),
]

function forgery(n: number): Buffer {
  const { from, results, more, to } = ways[n % ways.length]!(
    `lied-${n % 50}@victim.test`,
    `perhaps-${n % 20}@victim.test`,
    `m${n}@evil.example`,
  )
  const fields = `From: ${from}\nTo: ${to ?? world.supportAddress}\n${more ? `${more}\n` : ''}Subject: ${WORDS} ${n}\nMessage-ID: <forged-${n}@evil.example>`
  return mailOf(fields, `${WORDS}, number ${n}.`, results)
}
