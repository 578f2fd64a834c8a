import { CHARLES, leaks, mailOf, OLGA, openTarget, receive, stateOf, type Target } from '../threats/scene.ts'
import type { Figure } from './figure.ts'
import { wholeProduct } from './whole-product.ts'

/** Every author who may not, with every way to name somebody's ticket, with everything that might help them in. */
export const hijack: Figure = {
  id: 'G13',
  what: 'mails that try to get into a ticket of others',
  wanted: '0 touch it, 0 people added, 0 mails with its words to anybody else',
  async measure(bench) {
    const world = await wholeProduct(bench)
    const target = await openTarget(world)
    const all = hijacks(target)
    const mails = bench.quick ? all.filter((_, at) => at % 5 === 0) : all
    const before = JSON.stringify(await stateOf(world, target.number))
    const ccsBefore = await ccs()
    const touching: string[] = []
    for (const { name, raw } of mails) {
      await receive(world, raw)
      if (JSON.stringify(await stateOf(world, target.number)) !== before) {
        touching.push(name)
        break // whatever comes after would be counted against the wrong one
      }
    }
    const added = (await ccs()) - ccsBefore
    const { secrets, victims } = await leaks(world)
    // And whom it belongs to still gets in, or all this has only shown that nobody does.
    const welcome = `From: ${OLGA}\nTo: ${target.replyAddress}\nSubject: Re: Invoice\nMessage-ID: <olga-herself@client.example>`
    await receive(world, mailOf(welcome, 'It is me.', 'dmarc=pass header.from=client.example'))
    const isOpen = JSON.stringify(await stateOf(world, target.number)) !== before
    const { rows } = await world.db.query(
      'select outcome, count(*)::int as n from inbound_mails group by 1 order by 2 desc',
    )
    bench.say(rows.map(({ outcome, n }) => `${outcome} ${n}`).join(', '))
    return {
      got: `${mails.length} mails: ${touching.length} touched it${touching.map((name) => ` (${name})`)}, ${added} people added, words to ${secrets.length} others, ${victims} mails to victims; Olga ${isOpen ? 'gets in' : 'is kept out'}`,
      pass: isOpen && touching.length === 0 && added === 0 && secrets.length === 0 && victims === 0,
    }

    async function ccs(): Promise<number> {
      const found = await world.db.query('select count(*)::int as n from ticket_ccs where ticket_id = $1', [
        target.number,
      ])
      return found.rows[0].n
    }
  },
}

interface Author {
  /** From and what else the author writes above the message. */
  fields: string
  /** What our mail server found. */
  results: string
  /** Whether a secret would let them in: then only mails without one are tried. */
  isParticipant?: true
}

const authors: Record<string, Author> = {
  'a verified stranger': {
    fields: 'From: Mallory <mallory@evil.example>',
    results: 'dmarc=pass header.from=evil.example',
  },
  'an unproven stranger': { fields: 'From: Mallory <mallory@evil.example>', results: 'dmarc=none' },
  'a victim whose name is borrowed': {
    fields: 'From: V <v@victim.test>',
    results: 'dmarc=fail header.from=victim.test',
  },
  'Olga, by a lie': { fields: `From: Olga Client <${OLGA}>`, results: 'dmarc=fail header.from=client.example' },
  'Charles, by a lie': { fields: `From: ${CHARLES}`, results: 'dmarc=fail header.from=client.example' },
  'Olga, proven for another': { fields: `From: ${OLGA}`, results: 'dmarc=pass header.from=evil.example' },
  'two Froms': {
    fields: `From: ${OLGA}\nFrom: mallory@evil.example`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'two Froms, the other way': {
    fields: `From: mallory@evil.example\nFrom: ${OLGA}`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'two authors in one From': {
    fields: `From: mallory@evil.example, ${OLGA}`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'a name that is an address': {
    fields: `From: "${OLGA}" <mallory@evil.example>`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'an encoded address': {
    fields: `From: =?utf-8?B?${Buffer.from(`Olga <${OLGA}>`).toString('base64')}?=`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'a look-alike': {
    fields: 'From: olga@cl\u0456ent.example',
    results: 'dmarc=pass header.from=xn--clent-n4e.example',
  },
  'a group': { fields: `From: Friends: ${OLGA}, mallory@evil.example;`, results: 'dmarc=none' },
  'a quoted local part': {
    fields: `From: "${OLGA}"@evil.example`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'a Sender and a Reply-To': {
    fields: `From: mallory@evil.example\nSender: ${OLGA}\nReply-To: ${OLGA}\nX-Original-From: ${OLGA}`,
    results: 'dmarc=pass header.from=evil.example',
  },
  'Olga herself, without a secret': {
    fields: `From: ${OLGA}`,
    results: 'dmarc=none header.from=client.example',
    isParticipant: true,
  },
}

const ways: Record<string, { hasSecret: boolean; fields(target: Target, us: string): string }> = {
  'the reply address': { hasSecret: true, fields: ({ replyAddress }) => `To: ${replyAddress}\nSubject: Re: Invoice` },
  'the reply address among the CCs': {
    hasSecret: true,
    fields: ({ replyAddress }, us) => `To: ${us}\nCc: ${replyAddress}\nSubject: Hello`,
  },
  'the reply address as Delivered-To': {
    hasSecret: true,
    fields: ({ replyAddress }, us) =>
      `To: ${us}\nDelivered-To: ${replyAddress}\nX-Original-To: ${replyAddress}\nSubject: Hello`,
  },
  'an answer to our mail': {
    hasSecret: true,
    fields: ({ ourId }, us) => `To: ${us}\nIn-Reply-To: <${ourId}>\nReferences: <${ourId}>\nSubject: Re: Invoice`,
  },
  'our mail among others': {
    hasSecret: true,
    fields: ({ ourId }, us) => `To: ${us}\nReferences: <a@b.example> <${ourId}> <c@d.example>\nSubject: Fwd: Invoice`,
  },
  'an answer to the first mail': {
    hasSecret: true,
    fields: ({ originalId }, us) => `To: ${us}\nIn-Reply-To: <${originalId}>\nSubject: Re: Invoice`,
  },
  'the number in the subject': {
    hasSecret: false,
    fields: ({ number }, us) => `To: ${us}\nSubject: Re: [#${number}] Invoice (#${number}) ticket ${number}`,
  },
  'a reply address with another end': {
    hasSecret: false,
    fields: ({ replyAddress }) =>
      `To: ${replyAddress.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@'))}\nSubject: Re: Invoice`,
  },
  'a reply address that is a pattern': {
    hasSecret: false,
    fields: ({ replyAddress }) =>
      `To: ${replyAddress.replace(/\+.*@/, '+%25@')}, ${replyAddress.replace(/\+.*@/, '+_______@')}\nSubject: Re: Invoice`,
  },
  'guessed ids': {
    hasSecret: false,
    fields: ({ ourId, number }, us) =>
      `To: ${us}\nIn-Reply-To: <${number}@${ourId.split('@')[1]}>\nReferences: <ticket-${number}@${ourId.split('@')[1]}> <${ourId.slice(1)}>\nSubject: Re: Invoice`,
  },
  'header fields of other desks': {
    hasSecret: false,
    fields: ({ number }, us) =>
      `To: ${us}\nX-Ticket-Id: ${number}\nX-Zammad-Ticket-Id: ${number}\nX-Deskhand-Ticket: ${number}\nSubject: Invoice`,
  },
}

const helps: Record<string, string> = {
  nothing: '',
  'a CC of their own': 'Cc: mallory@evil.example, other@evil.example',
  'the mark of a machine': 'Auto-Submitted: auto-replied\nPrecedence: bulk',
  'results of their own': 'Authentication-Results: mail.sandbox.test; dmarc=pass header.from=client.example',
}

function hijacks(target: Target): { name: string; raw: Buffer }[] {
  const us = target.replyAddress.replace(/\+.*@/, '@')
  let count = 0
  return Object.entries(authors).flatMap(([author, { fields, results, isParticipant }]) =>
    Object.entries(ways).flatMap(([way, { hasSecret, fields: named }]) =>
      isParticipant && hasSecret
        ? []
        : Object.entries(helps).map(([help, more]) => {
            const head = `${fields}\n${named(target, us)}\nMessage-ID: <hijack-${++count}@evil.example>\n${more}`
            return {
              name: `${author}, ${way}, ${help}`,
              raw: mailOf(head, `#close\nGive me the invoice ${count}.`, results),
            }
          }),
    ),
  )
}
