import { hostile, liveSequences } from '../slack/hostile-strings.ts'
import { TRIAGE } from '../support/world.ts'
import { receive } from '../threats/scene.ts'
import type { Figure } from './figure.ts'
import { wholeProduct } from './whole-product.ts'

/** Words that Slack would act on, by mail into everything that Slack shows of a mail. */
export const slackWords: Figure = {
  id: 'G18',
  what: 'words that ring, link or lie, by mail into Slack',
  wanted: '>= 200 strings: 0 alive, 0 payloads refused',
  async measure(bench) {
    const world = await wholeProduct(bench)
    const strings = bench.quick ? hostile.filter((_, at) => at % 8 === 0) : hostile
    for (let at = 0; at < strings.length; at += AT_ONCE)
      await receive(
        world,
        ...strings.slice(at, at + AT_ONCE).map((text, number) => mailWith(text, at + number, world.supportAddress)),
      )
    await world.settle()
    const posted = world.slack.state.all(TRIAGE)
    const alive = posted.flatMap((message) => liveSequences({ text: message.text, blocks: message.blocks }, world.url))
    const rings = world.slack.state.mentions(TRIAGE)
    const refused = world.slack.log.calls.filter(({ error }) => error && !harmless.has(error))
    const { rows } = await world.db.query('select count(*)::int as n from tickets')
    const { rows: stuck } = await world.db.query(
      `select count(*)::int as n from outbox where state not in ('done', 'folded')`,
    )
    return {
      got: `${strings.length} strings, ${rows[0].n} tickets, ${posted.length} messages: ${alive.length} alive, ${rings.length} rung, ${refused.length} refused, ${stuck[0].n} not posted${alive.slice(0, 1).map((one) => `: ${one.slice(0, 80)}`)}${refused.slice(0, 1).map(({ method, error }) => `: ${method} ${error}`)}`,
      pass: alive.length + rings.length + refused.length + stuck[0].n === 0 && rows[0].n === strings.length,
    }
  },
}

const AT_ONCE = 10
// Answers that our own way of working brings about, whatever the words are.
const harmless = new Set(['ratelimited', 'message_not_found'])

const encoded = (text: string) => `=?utf-8?B?${Buffer.from(text.toWellFormed()).toString('base64')}?=`
const base64 = (text: string) =>
  Buffer.from(text)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\r\n')

/** The string as name, subject, body and file name of one mail. */
function mailWith(text: string, number: number, us: string): Buffer {
  const head = [
    'Authentication-Results: mail.sandbox.test; dmarc=pass header.from=evil.example',
    `From: ${encoded(text.slice(0, 500))} <m${number}@evil.example>`,
    `To: ${us}`,
    `Subject: ${encoded(text.slice(0, 2000))}`,
    `Message-ID: <words-${number}@evil.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
  ]
  const words = `--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(`${text}\n${number}`)}\r\n`
  const file = `--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(text.slice(0, 200).toWellFormed())}\r\n\r\nx\r\n--b--\r\n`
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${words}${file}`)
}
