import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ask,
  cardOf,
  fillIn,
  modalOf,
  openForm,
  publicWords,
  rootOf,
  statusOf,
  technical,
  under,
} from '../slack/scenes.ts'
import { buttonIn } from '../support/acting.ts'
import { type ChildWorld, startChildWorld } from '../support/child-world.ts'
import { random } from '../support/random.ts'
import { ADA, eventually, GENERAL, KOFI, TRIAGE, type World } from '../support/world.ts'

const KILLS = 5
const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const chance = random(seed)

let killed: ChildWorld
let world: World

beforeAll(async () => {
  killed = await startChildWorld()
  // What scenes need of a world: nobody settles a product that is a process of its own, so each waits for what it wants.
  world = { slack: killed.slack, db: killed.db, settle: () => killed.slack.settled() } as World
  await killed.start().ready
}, 60_000)
afterAll(() => killed?.stop())

type Acted = { ok: boolean }
let hasFailed = 0

/** Somebody does something, the product dies at any moment of it, and they do it again until Slack takes it. */
async function whileKilled(act: () => Promise<Acted>): Promise<void> {
  const first = act()
  await new Promise((resolve) => setTimeout(resolve, chance.between(0, 60)))
  await killed.child().kill('SIGKILL')
  const { ok } = await first
  await killed.start().ready
  if (ok) return
  hasFailed += 1
  await eventually(async () => expect(await act()).toMatchObject({ ok: true }), 20_000)
}

async function rows<T>(sql: string, ...values: unknown[]): Promise<T[]> {
  return (await killed.db.query(sql, values)).rows
}

async function asked(subject: string): Promise<number> {
  const number = await ask(world, ADA, subject)
  await eventually(() => rootOf(world, ADA, number))
  return number
}

async function solved(number: number): Promise<void> {
  const card = await eventually(() => {
    const shown = cardOf(world, number)
    expect(buttonIn(shown, 'ticket.solve')).toBe(true)
    return shown
  })
  await killed.slack.people.click(KOFI, { channelId: card.channel, ts: card.ts }, 'ticket.solve')
  await eventually(async () => expect(await statusOf(world, number)).toBe('solved'))
}

/** Everything that follows is done, and was done once: each message of ours stands there once. */
async function isQuiet(): Promise<void> {
  await eventually(async () => {
    expect(await rows(`select id from outbox where state in ('waiting', 'trying')`)).toEqual([])
  }, 30_000)
  const { state } = killed.slack
  for (const id of [TRIAGE, state.dm(ADA)!.id]) {
    const slots = state.all(id).flatMap(({ metadata }) => metadata?.event_payload.slot ?? [])
    expect(slots).toEqual([...new Set(slots)])
  }
}

const times = Array.from({ length: KILLS }, (_, turn) => turn)
const timeout = 300_000

test(`a form that is sent while the product dies becomes one request (seed ${seed})`, { timeout }, async () => {
  for (const turn of times) {
    const subject = `Form ${turn} of ${seed}`
    const { view } = await openForm(world, ADA)
    const [, ...pages] = technical(subject)
    await fillIn(world, ADA, view.id, [{ account: 'acme-berlin' }, ...pages.slice(0, -1)])
    await whileKilled(() => killed.slack.people.submit(ADA, view.id, pages.at(-1)!))
    await modalOf(world, ADA, 'intake.sent')
    await killed.slack.people.close(ADA, view.id, 'all')
    expect(await rows('select subject from tickets where subject = $1', subject)).toHaveLength(1)
  }
  await isQuiet()
})

test(`a reply with a file becomes one comment with one file (seed ${seed})`, { timeout }, async () => {
  const number = await asked(`Xyzzy ${seed}`)
  for (const turn of times) {
    const words = `Reply ${turn} of ${seed}`
    await killed.slack.people.slash(ADA, GENERAL, '/ticket', `reply ${number}`)
    const { view } = await modalOf(world, ADA, 'request.reply')
    const name = `file-${turn}.txt`
    const file = { name, mimetype: 'text/plain', bytes: Buffer.from(words) }
    const { id } = await killed.slack.people.upload(ADA, file)
    await whileKilled(() => killed.slack.people.submit(ADA, view.id, { reply: words, files: [id] }))
    expect((await publicWords(world, number)).filter((each) => each === words)).toHaveLength(1)
    await eventually(async () => {
      const kept = await rows('select sha256 is not null as is_kept from attachments where name = $1', name)
      expect(kept).toEqual([{ is_kept: true }])
    }, 60_000) // a fetch that was cut off is begun again when its process has been silent for a while
  }
  await isQuiet()
})

test(`“this is solved”, Reopen and a rating are done once (seed ${seed})`, { timeout }, async () => {
  for (const turn of times) {
    const number = await asked(`Plugh ${turn} ${seed}`)
    const press = (actionId: string) => {
      const root = rootOf(world, ADA, number)
      return killed.slack.people.click(ADA, { channelId: root.channel, ts: root.ts }, actionId)
    }
    await whileKilled(() => press('request.solve'))
    expect(await statusOf(world, number)).toBe('solved')
    await eventually(() => expect(buttonIn(rootOf(world, ADA, number), 'request.reopen')).toBe(true))
    await whileKilled(async () => ((await statusOf(world, number)) === 'open' ? { ok: true } : press('request.reopen')))
    expect(await statusOf(world, number)).toBe('open')
    await solved(number)
    await isQuiet() // the question of the first time is taken back
    const survey = await eventually(() => {
      const asking = under(world, rootOf(world, ADA, number), ADA).findLast((each) => buttonIn(each, 'survey.rate.4'))
      expect(asking).toBeDefined()
      return { channelId: asking!.channel, ts: asking!.ts }
    })
    const score = async () =>
      (await rows<{ n: number }>('select rating_score as n from tickets where id = $1', number))[0]
    await whileKilled(async () =>
      (await score())?.n === 4 ? { ok: true } : killed.slack.people.click(ADA, survey, 'survey.rate.4'),
    )
    expect(await score()).toEqual({ n: 4 })
    const happened = await rows<{ type: string; n: number }>(
      `select type, count(*)::int as n from events where ticket_id = $1 and type in ('solved', 'reopened', 'rated')
       group by type order by type`,
      number,
    )
    expect(happened).toEqual([
      { type: 'rated', n: 1 },
      { type: 'reopened', n: 1 },
      { type: 'solved', n: 2 },
    ])
  }
  await isQuiet()
})

test(`a follow-up is opened once, with what was written (seed ${seed})`, { timeout }, async () => {
  for (const turn of times) {
    const number = await asked(`Frobozz ${turn} ${seed}`)
    await solved(number)
    await killed.db.query(`update tickets set reopen_until = now() - interval '1 minute' where id = $1`, [number])
    const words = `It goes on: ${turn} of ${seed}`
    await killed.slack.people.slash(ADA, GENERAL, '/ticket', `followup ${number}`)
    const { view } = await modalOf(world, ADA, 'request.reply')
    await whileKilled(() => killed.slack.people.submit(ADA, view.id, { reply: words }))
    const next = await rows<{ id: number }>('select id::int from tickets where follow_up_of = $1', number)
    expect(next).toHaveLength(1)
    expect(await publicWords(world, next[0]!.id)).toEqual([words])
    const open = killed.slack.state.modal(ADA)
    if (open) await killed.slack.people.close(ADA, open.view.id, 'all')
  }
  await isQuiet()
})

test(`an address is linked once, and its code is not used up by a death (seed ${seed})`, { timeout }, async () => {
  for (const turn of times.slice(0, 3)) {
    const address = `ada.${turn}.${seed}@mine.example`
    await killed.slack.people.openHome(ADA)
    await eventually(() => expect(killed.slack.state.home(ADA)?.callbackId).toBe('home'))
    await killed.slack.people.click(ADA, { viewId: killed.slack.state.home(ADA)!.id }, 'home.addresses')
    const { view } = await modalOf(world, ADA, 'addresses.ask')
    await whileKilled(() => killed.slack.people.submit(ADA, view.id, { address }))
    const code = await modalOf(world, ADA, 'addresses.code')
    const { code: codeId } = JSON.parse(code.view.privateMetadata) as { code: string }
    const mailed = await eventually(async () => {
      const mails = killed.mail.server.mailboxOf(address).map(({ raw }) => raw.toString('utf8'))
      const [{ at } = { at: '' }] = await rows<{ at: string }>(
        'select message_id as at from outbox where key = $1',
        `code/${codeId}`,
      )
      const mine = mails.find((raw) => at && raw.includes(at))
      expect(mine).toBeDefined()
      return mine!
    }, 30_000)
    const typed = /\b(\d{3})[ -]?(\d{3})\b/.exec(mailed.slice(mailed.indexOf('\r\n\r\n')))!
    await whileKilled(() => killed.slack.people.submit(ADA, code.view.id, { code: `${typed[1]}${typed[2]}` }))
    await modalOf(world, ADA, 'intake.done')
    expect(await rows('select is_proven from contact_addresses where address = $1', address)).toEqual([
      { is_proven: true },
    ])
    await killed.slack.people.close(ADA, killed.slack.state.modal(ADA)!.view.id, 'all')
  }
  await isQuiet()
})

test('of all these deaths many came in the middle', () => expect(hasFailed).toBeGreaterThan(3))
