import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChildWorld, startChildWorld } from '../support/child-world.ts'
import { random } from '../support/random.ts'
import { ADA, eventually, TRIAGE } from '../support/world.ts'

const KILLS = 20
const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const chance = random(seed)

let world: ChildWorld

beforeAll(async () => {
  world = await startChildWorld()
})
afterAll(() => world?.stop())

test(`killed ${KILLS} times at any point (seed ${seed}), it loses nothing and does nothing twice`, {
  timeout: 400_000,
}, async () => {
  let child = world.start()
  await child.ready
  // Ada opens the App Home, so that she is known in Slack, and writes a mail from the same address.
  await world.slack.people.openHome(ADA)
  await eventually(async () => expect(await count(`select count(*) from contact_slack_users`)).toBe(1))
  const written: string[] = ['Question of Ada']
  await send({ from: 'ada@acme.example', to: [world.mail.supportAddress], subject: written[0], text: 'Hello' })
  const replied: string[] = []
  const said: string[] = []
  const loose: string[] = []
  for (let life = 0; life < KILLS; life++) {
    for (let n = 0; n < 2; n++) {
      const subject = `Question ${life}.${n}`
      written.push(subject)
      await send({
        from: `client${life}.${n}@acme.example`,
        to: [world.mail.supportAddress],
        subject,
        text: `Please help with ${subject}`,
      })
    }
    const reply = await answerSome(`Answer ${life}`)
    if (reply) replied.push(reply)
    const words = `Word ${life}`
    if (await sayInThread(words)) said.push(words)
    if (await sayAlone(`Loose ${life}`)) loose.push(`Loose ${life}`)
    await new Promise((resolve) => setTimeout(resolve, chance.between(50, 950)))
    await child.kill('SIGKILL')
    child = world.start()
    // Half of the lives end while the process is still starting.
    if (chance.chance(0.5)) await child.ready
    else await new Promise((resolve) => setTimeout(resolve, chance.between(0, 1500)))
  }
  await child.kill('SIGKILL')
  child = world.start()
  await child.ready

  await eventually(async () => {
    const { rows } = await world.db.query(`select
      (select count(*)::int from inbound_mails where state = 'stored') as unread,
      (select count(*)::int from outbox where state in ('waiting', 'trying')) as undone`)
    expect(rows[0]).toEqual({ unread: 0, undone: 0 })
    expect(await count(`select count(*) from inbound_mails where outcome <> 'check'`)).toBe(
      written.length + replied.length,
    )
    expect(await count(`select count(*) from outbox where kind = 'check'`)).toBe(1)
  }, 75_000) // whoever starts goes on with what was left, and waits for no sweep of the dead

  // Every mail became exactly one ticket or comment; every word in Slack exactly one comment.
  const tickets = await column(`select subject from tickets where subject like 'Question %' order by id`)
  expect([...tickets].sort()).toEqual([...written].sort())
  expect((await column(`select text from comments where text like 'Answer %'`)).sort()).toEqual([...replied].sort())
  const heard = (await column(`select text from comments where text like 'Word %'`)).sort()
  expect(heard).toEqual([...new Set(heard)])
  expect(heard).toEqual([...said].sort())

  // Every mail of ours arrived once, under one Message-ID.
  const ids: string[] = []
  for (const address of await column(`select address from contact_addresses`))
    for (const mail of world.mail.server.mailboxOf(address)) {
      const id = /^message-id:\s*(\S+)/im.exec(mail.raw.toString('utf8'))?.[1]
      if (/^x-loop:/im.test(mail.raw.toString('utf8'))) ids.push(`${address} ${id}`)
    }
  expect(ids).toHaveLength(await count(`select count(*) from outbox where kind = 'mail'`))
  expect(new Set(ids).size).toBe(ids.length)

  // Every message of ours in Slack was posted once.
  const { state } = world.slack
  for (const channel of [TRIAGE, state.dm(ADA)!.id]) {
    const slots = state.all(channel).flatMap(({ metadata }) => metadata?.event_payload.slot ?? [])
    expect(new Set(slots).size).toBe(slots.length)
    expect(slots.length).toBe(await count(`select count(*) from slack_messages where channel = '${channel}'`))
  }

  // Words outside of any request are kept once, and asked about once.
  expect((await column('select text from talk_words')).sort()).toEqual([...loose].sort())
  const asked = `select id from talks where 'way-in/' || id in (select slot from slack_messages)`
  expect(await column(asked)).toHaveLength(await count('select count(*) from talks'))
  expect(loose.length).toBeGreaterThan(KILLS / 2)

  // And asked to stop, it stops in time.
  const stopped = performance.now()
  expect(await child.kill('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(performance.now() - stopped).toBeLessThan(10_000)
})

/** Answers, as its recipient, the latest acknowledgement that was not answered yet. */
const answered = new Set<string>()
async function answerSome(text: string): Promise<string | null> {
  for (const box of (await (await fetch(`${world.url}/sandbox/mail/mailboxes`)).json()) as {
    address: string
    support: boolean
  }[]) {
    if (box.support || answered.has(box.address)) continue
    const [mail] = await (await fetch(`${world.url}/sandbox/mail/messages?mailbox=${box.address}`)).json()
    if (!mail) continue
    const message = await (await fetch(`${world.url}/sandbox/mail/messages/${mail.id}`)).json()
    answered.add(box.address)
    await send({
      from: box.address,
      to: message.reply.to.map(({ address }: { address: string }) => address),
      subject: message.reply.subject,
      text,
      inReplyTo: mail.id,
    })
    return text
  }
  return null
}

/** Ada says something in the thread of her request, once it is there; true when Slack took it. */
let adasThread: { channel: string; ts: string } | null = null
async function sayInThread(text: string): Promise<boolean> {
  const { people, state } = world.slack
  if (!adasThread) {
    const isHers = (slot: unknown) => String(slot).includes('/request/')
    const root = state.all(state.dm(ADA)?.id ?? '').find(({ metadata }) => isHers(metadata?.event_payload.slot))
    if (!root) return false
    adasThread = { channel: root.channel, ts: root.ts }
  }
  const sent = await people.post(ADA, adasThread.channel, { text, threadTs: adasThread.ts })
  return sent.ok
}

/** Ada says something to the app itself, long after what she said before; true when Slack took it. */
async function sayAlone(text: string): Promise<boolean> {
  const { people, state } = world.slack
  const dm = state.dm(ADA)
  if (!dm) return false
  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
  return (await people.post(ADA, dm.id, { text })).ok
}

async function send(request: object): Promise<void> {
  const answer = await fetch(`${world.url}/sandbox/mail/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.url },
    body: JSON.stringify(request),
  })
  expect(answer.status).toBe(200)
}

async function column(sql: string): Promise<string[]> {
  const { rows } = await world.db.query({ text: sql, rowMode: 'array' })
  return rows.map(([value]) => value)
}

async function count(sql: string): Promise<number> {
  return Number((await column(sql))[0])
}
