import { mailsTo } from '../support/acting.ts'
import type { World } from '../support/world.ts'
import { mailOf, receive } from '../threats/scene.ts'
import type { Figure } from './figure.ts'
import { wholeProduct } from './whole-product.ts'

/** Our acknowledgement as a weapon: mails in the names of people who never wrote, full of what they shall read. */
export const victims: Figure = {
  id: 'G16',
  what: 'mails in the names of victims',
  wanted: '500: 0 mails to whom a mail lies about, <= 1 a day to who is not proven, 0 words of the attacker',
  async measure(bench) {
    const world = await wholeProduct(bench)
    const count = bench.quick ? 100 : 500
    const mails = Array.from({ length: count }, (_, at) => spoofed(at, world.supportAddress))
    for (let at = 0; at < count; at += AT_ONCE)
      await receive(world, ...mails.slice(at, at + AT_ONCE).map(({ raw }) => raw))
    await world.push(60 * 60_000)
    const addresses: string[] = (await (await fetch(`${world.url}/sandbox/mail/mailboxes`)).json()).map(
      ({ address }: { address: string }) => address,
    )
    const to = (domain: string) =>
      addresses.filter((address) => address.endsWith(domain)).flatMap((one) => mailsTo(world, one))
    const lied = to('@victim.test')
    const unproven = addresses.filter((address) => address.endsWith('@unproven.test')).map((one) => mailsTo(world, one))
    const most = Math.max(0, ...unproven.map(({ length }) => length))
    const words = addresses
      .filter((address) => address !== world.supportAddress)
      .flatMap((address) => mailsTo(world, address))
      .filter(({ text, html, subject, headers }) =>
        ATTACK.test(`${subject}${text}${html}${headers.get('from')}${headers.get('to')}${headers.get('reply-to')}`),
      )
    const welcome = await isWelcome(world)
    return {
      got: `${count} mails: ${lied.length} to victims, ${most} at most to one who is not proven, ${words.length} with the attacker's words; an honest one is ${welcome ? '' : 'not '}acknowledged`,
      pass: lied.length === 0 && most <= 1 && words.length === 0 && welcome,
    }
  },
}

const AT_ONCE = 25
/** Stands in every place an attacker fills in. */
const WORDS = 'PAY-4711 https://evil.example/login'
// Looked for in what a person reads: In-Reply-To names their mail, as RFC 3834 §3.1.5 wants it.
const ATTACK = /PAY-4711|evil\.example/

/** Mail number `at`: a way to lie, and a way to be repeated at somebody. */
function spoofed(at: number, us: string): { raw: Buffer } {
  const victim = `v${at % 40}@victim.test`
  const fail = 'dmarc=fail header.from=victim.test'
  const ways: { from: string; more?: string; results: string }[] = [
    { from: `From: "${WORDS}" <${victim}>`, results: fail },
    { from: `From: <${victim}>`, more: `Cc: other@victim.test, second@victim.test`, results: fail },
    { from: `From: ${victim}\nFrom: m@evil.example`, results: fail },
    { from: `From: ${victim}, m@evil.example`, results: 'dmarc=none' },
    { from: `From: "${WORDS}" <u${at % 3}@unproven.test>`, results: 'dmarc=none' },
    { from: `From: u${at % 3}@unproven.test`, more: `Reply-To: ${victim}`, results: 'dmarc=none' },
    {
      from: 'From: m@evil.example',
      more: `Reply-To: "${WORDS}" <${victim}>\nSender: ${victim}\nReturn-Path: <${victim}>`,
      results: fail,
    },
    {
      from: `From: ${victim}`,
      more: `Disposition-Notification-To: ${victim}\nReturn-Receipt-To: ${victim}`,
      results: fail,
    },
    { from: `From: =?utf-8?B?${Buffer.from(`<${victim}>`).toString('base64')}?=`, results: 'dmarc=none' },
    { from: `From: "${victim}" <u${at % 3}@unproven.test>`, results: 'dmarc=none' },
  ]
  const { from, more = '', results } = ways[at % ways.length]!
  const head = `${from}\nTo: ${us}\nSubject: ${WORDS} ${at}\nMessage-ID: <spoof-${at}@evil.example>\n${more}`
  return { raw: mailOf(head, `${WORDS}\nCall now, ${at}.`, results) }
}

/** Whether all this has not only shown that nobody is ever answered. */
async function isWelcome(world: World): Promise<boolean> {
  const head = `From: Hon Est <hon@honest.example>\nTo: ${world.supportAddress}\nSubject: Printer\nMessage-ID: <honest@honest.example>`
  await receive(world, mailOf(head, 'It burns.', 'dmarc=pass header.from=honest.example'))
  return mailsTo(world, 'hon@honest.example').length === 1
}
