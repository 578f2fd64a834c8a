import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'

// A desk that has been at work for a while is brought up to date with everything in it.
const folder = new URL('../../src/store/migrations/', import.meta.url)
const BEFORE = '0009'

let url: string
let db: pg.Client
let drop: () => Promise<void>

beforeAll(async () => {
  const name = `test_migrations_${process.pid}_${randomBytes(4).toString('hex')}`
  const server = new pg.Client({ connectionString: inject('postgresUrl') })
  await server.connect()
  await server.query(`create database ${name}`)
  url = Object.assign(new URL(inject('postgresUrl')), { pathname: `/${name}` }).href
  db = new pg.Client({ connectionString: url })
  await db.connect()
  drop = async () => {
    await db.end()
    await server.query(`drop database ${name} with (force)`)
    await server.end()
  }
  await db.query('create table migrations (name text primary key, at timestamptz not null default now())')
  for (const name of (await names()).filter((each) => each < BEFORE)) {
    await db.query(await readFile(new URL(name, folder), 'utf8'))
    await db.query('insert into migrations (name) values ($1)', [name])
  }
  for (const statement of rows) await db.query(statement)
})
afterAll(() => drop?.())

// Each of these signs is up to six letters once it is made plain, and no two of these words are alike.
const sign = (n: number) => String.fromCodePoint(0x3300 + (n % 87))
const swelling = (comment: number) =>
  Array.from({ length: 2_500 }, (_, word) => {
    const n = comment * 2_500 + word
    return sign(n) + sign(Math.floor(n / 87)) + sign(Math.floor(n / 87 / 87))
  }).join(' ')

const rows = [
  `insert into contacts (name, locale, created_at) values ('Ada', 'en-GB', now()), ('Ada at home', null, now()), ('Lía', 'es', now())`,
  `update contacts set merged_into = 1, merged_at = now() where id = 2`,
  `insert into contact_addresses (address, contact_id, is_proven) values ('ada@acme.example', 1, true), ('ada@home.example', 1, false), ('lia@shop.example', 3, false)`,
  `insert into contact_slack_users (team_id, user_id, contact_id, dm_channel) values ('T1', 'U0ADA', 1, 'D0ADA')`,
  `insert into agents (team_id, user_id, name, created_at) values ('T1', 'U0KOFI', 'Kofi', now())`,
  `insert into tickets (status, subject, requester_id, assignee_id, group_key, region_key, form, answers, priority, locale, via,
     opened_at, last_requester_comment_at, last_activity_at, solved_at, reopen_until, closed_at, rating_score, rated_at)
   values
     ('open', 'The till beeps', 1, 1, 'emea', 'emea', '{"name": "support", "version": "abc"}', '{"consent": true}', 'high', 'en', 'slack', now(), now(), now(), null, null, null, null, null),
     ('solved', 'La puerta no abre', 3, 1, 'emea', 'emea', null, '{}', 'normal', 'es', 'mail', now(), now(), now(), now(), now() + interval '1 day', null, 2, now()),
     ('closed', 'Invoice ORD-1234', 1, 1, 'emea', 'emea', '{"name": "support", "version": "abc"}', '{"consent": false}', 'normal', 'en', 'slack', now(), now(), now(), now(), null, now(), null, null),
     ('pending', '', 3, null, 'emea', 'emea', null, '{"consent": "yes"}', 'normal', 'en', 'mail', now(), now(), now(), null, null, null, null, null)`,
  `update tickets set follow_up_id = 1001 where id = 1003`,
  `update tickets set follow_up_of = 1003 where id = 1001`,
  `insert into ticket_ccs (ticket_id, contact_id) values (1001, 3)`,
  `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
   select id, 'contact', requester_id, true, 'slack', 'It beeps, at São Paulo', now() from tickets`,
  `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at) values (1001, 'agent', 1, false, 'slack', 'A secret note', now())`,
  `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at) values ${Array.from({ length: 24 }, (_, n) => `(1002, 'contact', 3, true, 'mail', '${swelling(n)}', now())`).join(',')}`,
  `insert into attachments (comment_id, name, content_type, size) values (1, 'a.png', 'image/png', 3)`,
  `insert into events (ticket_id, type, data, actor_kind, actor_id, via, source, comment_id, at)
   select ticket_id, 'opened', '{}', 'contact', author_id, 'slack', 'x/' || id, id, now() from comments where id <= 4`,
  `insert into outbox (key, ticket_id, event_id, kind, lane, effect, next_at)
   values ('1/post', 1001, 1, 'post', 'slack:C1', '{"kind": "post", "slot": {"place": "card"}}', now()),
     ('code/1', null, null, 'code', 'code:1', '{"kind": "code", "codeId": "x"}', now())`,
  `insert into linking_codes (contact_id, address, asked_at, expires_at) values (1, 'ada@home.example', now(), now())`,
  `insert into drafts (id, team_id, user_id, page, answers, ticket_id, updated_at)
   values (gen_random_uuid(), 'T1', 'U0ADA', 'who', '{"name": "Ada"}', null, now()), (gen_random_uuid(), 'T1', 'U0ADA', 'who', '{}', 1001, now())`,
  `insert into inbound_mails (mailbox, uid_validity, uid, sha256, raw, received_at, fetched_at, state, outcome, ticket_id)
   values ('INBOX', 1, 1, sha256('a'), 'a', now(), now(), 'done', 'ticket', 1002), ('INBOX', 1, 2, sha256('b'), 'b', now(), now(), 'stored', null, null)`,
]

test('a database of the version before, with people, tickets and mails, comes up to date and loses nothing', async () => {
  const count = async () =>
    (
      await db.query(`select (select count(*) from contacts) as contacts, (select count(*) from comments) as comments,
        (select count(*) from events) as events, (select count(*) from outbox where state = 'waiting') as waiting,
        (select count(*) from drafts) as drafts, (select count(*) from inbound_mails) as mails`)
    ).rows[0]
  const before = await count()
  await migrate(url)
  await migrate(url) // a second process, or the next start
  expect(await count()).toEqual(before)
  expect((await db.query('select name from migrations order by name')).rows.map(({ name }) => name)).toEqual(
    await names(),
  )
})

test('what was said to sharing before consents were kept stands, and is nobody’s who was not asked', async () => {
  const { rows } = await db.query(`select id, consent -> 'given' as given from tickets order by id`)
  // 1001 is a follow-up, which carried the answers of 1003 over.
  expect(rows.map(({ given }) => given)).toEqual([null, null, false, null])
})

test('old requests are found by their words, however those swell; notes are not', async () => {
  const found = async (typed: string) =>
    (await db.query('select ticket_id from ticket_words where words @@ search_query($1) order by 1', [typed])).rows.map(
      (row) => Number(row.ticket_id),
    )
  expect(await found('till')).toEqual([1001])
  expect(await found('1234')).toEqual([1003])
  expect(await found('puerta')).toEqual([1002])
  expect(await found('secret')).toEqual([])
  await db.query(
    `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at) values (1002, 'agent', 1, true, 'slack', 'Wir kommen morgen', now())`,
  )
  expect(await found('morgen')).toEqual([1002])
})

async function names(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
}
