import { blocks } from '../mail/collections.ts'
import { receive } from '../threats/scene.ts'
import type { Figure } from './figure.ts'
import { wholeProduct } from './whole-product.ts'

/** What the ledger may say of a mail of each kind. A machine's mail never becomes a person's request, nor the other way. */
const outcomes: Record<string, string[]> = {
  person: ['ticket', 'reply', 'held', 'spam', 'unreadable'],
  automatic: ['ticket', 'automatic'],
  list: ['ticket', 'automatic'],
  'automatic-reply': ['automatic'],
  bounce: ['bounce'],
  complaint: ['bounce', 'automatic', 'rejected'],
  'read-receipt': ['automatic'],
  'calendar-answer': ['automatic'],
  'dmarc-report': ['automatic', 'rejected'],
  loop: ['loop'],
}

/** Every mail of the collection by kind, through the running product. */
export const kindsOfMail: Figure = {
  id: 'G17',
  what: 'what kind of mail it is',
  wanted: '>= 98 % right, 0 people taken for machines, 0 machines answered',
  async measure(bench) {
    const world = await wholeProduct(bench)
    const all = blocks('kinds.txt').filter((_, at) => !bench.quick || at % 5 === 0)
    const wrong: string[] = []
    const misfiled: string[] = []
    for (let at = 0; at < all.length; at += AT_ONCE) {
      const some = all.slice(at, at + AT_ONCE)
      const { rows: before } = await world.db.query('select coalesce(max(id), 0)::int as id from inbound_mails')
      await receive(world, ...some.map(({ lines }, number) => mailOf(lines, at + number)))
      const { rows } = await world.db.query('select outcome, reason from inbound_mails where id > $1 order by uid', [
        before[0].id,
      ])
      if (rows.length !== some.length)
        wrong.push(`${some.length - rows.length} of ${some[0]!.head} and after are missing`)
      for (const [number, { head }] of some.entries()) {
        const [kind = ''] = head.split(' ')
        const { outcome = 'nothing', reason = '' } = rows[number] ?? {}
        if (outcomes[kind]?.includes(outcome)) continue
        wrong.push(`${head}: ${outcome}, ${reason}`)
        if (kind === 'person') misfiled.push(head)
      }
    }
    const { rows } = await world.db.query(
      `select count(*)::int as n from sent_mails s join inbound_mails i on i.ticket_id = s.ticket_id
       where i.outcome in ('automatic', 'bounce', 'loop') and s.at >= i.done_at`,
    )
    for (const one of wrong.slice(0, 10)) bench.say(one)
    const share = (all.length - wrong.length) / all.length
    return {
      got: `${(share * 100).toFixed(1)} % of ${all.length}, ${misfiled.length} people taken for machines, ${rows[0].n} machines answered`,
      pass: share >= 0.98 && misfiled.length === 0 && rows[0].n === 0,
    }
  },
}

const AT_ONCE = 20

/** With an id where there is none: two that say the same would rightly be one. */
function mailOf(lines: string[], number: number): Buffer {
  const head = lines.slice(0, lines.indexOf(''))
  const hasId = head.some((line) => /^message-id:/i.test(line))
  return Buffer.from([...(hasId ? [] : [`Message-ID: <kind-${number}@collection.example>`]), ...lines].join('\r\n'))
}
