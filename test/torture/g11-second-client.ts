import { ImapFlow } from 'imapflow'
import { lies, tellLie } from '../mail/lies.ts'
import { startProxy } from '../support/proxy.ts'
import { type Bench, type Mailbox, plainMail } from './bench.ts'
import type { Figure, Measured } from './figure.ts'
import { compare, read, through } from './reading.ts'

/** Somebody clears up in the mailbox while it is read, and servers that do not tell the truth. */
export const secondClient: Figure = {
  id: 'G11',
  what: 'another client removes mails, and the server lies',
  wanted: '0 crashes, 0 lost that were not removed first',
  async measure(bench) {
    const removed = await whileRemoving(bench)
    const lied = await whileLying(bench)
    return { got: `${removed.got}; ${lied.got}`, pass: removed.pass && lied.pass }
  },
}

async function whileRemoving(bench: Bench): Promise<Measured> {
  const toRemove = bench.quick ? 200 : 1000
  const mailbox = await bench.mailbox()
  const database = await bench.database()
  const mails = Array.from({ length: toRemove * 3 }, (_, number) => plainMail(number, 3000))
  mailbox.put(mails)
  const other = await login(mailbox)
  bench.onEnd(() => other.close())
  if (mailbox.isDovecot) await other.mailboxCreate('Trash')
  await other.mailboxOpen('INBOX')
  const reading = read(bench, database, mailbox.url, { pollMs: 20 })
  const swept = reading.sweepNow()
  let removed = 0
  while (removed < toRemove) {
    const left = (await other.search({ all: true }, { uid: true })) || []
    const some = Array.from({ length: Math.min(25, toRemove - removed) }, () => bench.chance.pick(left))
    const uids = [...new Set(some)].join(',')
    if (mailbox.isDovecot && bench.chance.chance(0.5)) await other.messageMove(uids, 'Trash', { uid: true })
    else await other.messageDelete(uids, { uid: true })
    removed += new Set(some).size
  }
  await swept
  await reading.sweepNow()
  const { lost, altered, twice, stored } = await compare(database, mailbox, mails)
  return {
    got: `${removed} of ${mails.length} removed: ${stored} stored, ${lost} lost, ${altered} altered, ${twice} twice`,
    pass: lost + altered + twice === 0,
  }
}

async function login(mailbox: Mailbox): Promise<ImapFlow> {
  const { hostname, username, password } = new URL(mailbox.url)
  const client = new ImapFlow({
    host: hostname,
    port: mailbox.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: decodeURIComponent(username), pass: password },
    logger: false,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Each lie is told up to three times, then the server is honest again: everything must be stored by then, once. */
async function whileLying(bench: Bench): Promise<Measured> {
  const mailbox = await bench.mailbox()
  const fooled: string[] = []
  for (const [name, lie] of Object.entries(lies)) {
    const database = await bench.database()
    const proxy = await startProxy({ port: mailbox.port })
    bench.onEnd(() => proxy.close())
    const url = through(mailbox.url, proxy.port)
    const put = (when: string) => mailbox.put([plainMail(`${name} ${when}`)])
    const told = await tellLie(proxy, lie, put, () => read(bench, database, url, { pollMs: 20, socketTimeoutMs: 1000 }))
    const { lost, altered, twice } = await compare(database, mailbox)
    if (told === 0 || told === 'stuck' || lost + altered + twice > 0)
      fooled.push(`${name} (told ${told}, ${lost} lost, ${altered} altered, ${twice} twice)`)
  }
  const count = Object.keys(lies).length
  return {
    got: `${count - fooled.length} of ${count} lies seen through${fooled.map((one) => `; not ${one}`).join('')}`,
    pass: fooled.length === 0,
  }
}
