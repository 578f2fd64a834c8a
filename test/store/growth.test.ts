import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesToFetch, redrawFiles } from '../../src/store/attachments.ts'
import type { Db, Tx } from '../../src/store/database.ts'
import { ticketsToRemind } from '../../src/store/deadlines.ts'
import { draftOf, forgetOldDrafts } from '../../src/store/drafts.ts'
import { homeViewOf } from '../../src/store/home-views.ts'
import { earlierTwin, nextWaitingMail, ticketsOfMessageIds } from '../../src/store/inbox.ts'
import { claimSource, eventsOf, ticketOfSource } from '../../src/store/log.ts'
import { unaccountedMail } from '../../src/store/mail-ledger.ts'
import { noticedMail } from '../../src/store/mail-notices.ts'
import { ledgerRows } from '../../src/store/mail-story.ts'
import { drawOthersHomes, homesOn, homesUnderGrant } from '../../src/store/open-homes.ts'
import { dueLanes, firstWaiting, foldEdits, type OutboxRow } from '../../src/store/outbox.ts'
import { addressesOf, contactOfAddress, contactOfSlackUser, people } from '../../src/store/people.ts'
import { readableTicket } from '../../src/store/readers.ts'
import { requestPage, waitingFor } from '../../src/store/requests.ts'
import { threadOf } from '../../src/store/sent-mails.ts'
import { ticketOfMessage } from '../../src/store/slack-messages.ts'
import { loadForUpdate, ticketOfSecret } from '../../src/store/tickets.ts'
import { forgetSent, markUploads, uploadsOf } from '../../src/store/uploads.ts'
import { freshView } from '../../src/ticket/history.ts'
import { startDesk, type TestDesk } from '../support/desk.ts'
import { explain } from '../support/explain.ts'

let desk: TestDesk

/** A desk after some years: 20,000 tickets and 100,000 effects, nearly all of them done. */
beforeAll(async () => {
  desk = await startDesk()
  const { database, ada } = desk
  for (const statement of [
    `insert into contacts (name, created_at) select 'Client ' || n, now() from generate_series(1, 20000) n`,
    `insert into contact_addresses (address, contact_id) select 'client' || id || '@acme.example', id from contacts where name like 'Client %'`,
    `insert into contact_slack_users (team_id, user_id, contact_id) select 'T1', 'U' || id, id from contacts where name like 'Client %'`,
    `insert into slack_places (team_id, user_id, channel, seen_at) select team_id, user_id, 'CGENERAL', now() from contact_slack_users`,
    `insert into contact_store_addresses (contact_id, address, proven_at) select id, 'shop' || id || '@acme.example', now() from contacts where name like 'Client %'`,
    `insert into tickets (status, subject, requester_id, group_key, region_key, answers, priority, locale, via,
       opened_at, last_requester_comment_at, last_activity_at, reply_token_hash)
     select 'closed', 'old', 1 + n % 20000, 'emea', 'emea', '{}', 'normal', 'en', 'mail', now(), now(), now(), sha256(n::text::bytea)
     from generate_series(1, 20000) n`,
    `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
     select id, 'contact', ${ada.id}, true, 'mail', 'old', now() from tickets`,
    `insert into attachments (comment_id, name, content_type, size) select id, 'a', 'text/plain', 1 from comments`,
    `insert into slack_uploads (attachment_id, channel, place, state, slack_file)
     select id, 'CTRIAGE', 'card-files', 'shared', 'F' || id from attachments`,
    `insert into events (ticket_id, type, data, actor_kind, via, source, comment_id, at)
     select ticket_id, 'replied', '{}', 'contact', 'mail', 'old', id, now() from comments`,
    `insert into outbox (key, ticket_id, event_id, kind, lane, effect, state, next_at)
     select e.id || '/' || n, e.ticket_id, e.id, 'post', 'slack:CTRIAGE',
       jsonb_build_object('kind', 'post', 'slot', jsonb_build_object('place', 'card')), 'done', now()
     from events e, generate_series(1, 5) n`,
    `insert into sent_mails (message_id_hash, message_id, ticket_id, contact_id, at)
     select sha256(id::text::bytea), id::text, id, requester_id, now() from tickets`,
    `insert into inbound_mails (mailbox, uid_validity, uid, sha256, raw, received_at, fetched_at, state, outcome, ticket_id, message_id_hash, content_hash)
     select 'INBOX', 1, id, sha256(id::text::bytea), '', now(), now(), 'done', 'ticket', id, sha256(id::text::bytea), sha256(id::text::bytea) from tickets`,
    `insert into fetched_mails select mailbox, uid_validity, uid, id, now() - interval '1 year' from inbound_mails`,
    `insert into slack_messages (slot, ticket_id, channel, ts) select id || '/card', id, 'CTRIAGE', id::text from tickets`,
    `insert into handled_sources (source, at) select 'mail/' || id, now() from tickets`,
    `insert into drafts (id, team_id, user_id, page, answers, ticket_id, updated_at)
     select gen_random_uuid(), 'T1', 'U1', 'one', '{}', id, now() from tickets`,
    `insert into ticket_ccs (ticket_id, contact_id) select id, 1 + (id + 7) % 20000 from tickets`,
    `insert into home_views (contact_id, view, seen_at) select id, '{}', now() from contacts`,
    `insert into organizations (name, access, created_at) select 'Org ' || n, 'all', now() from generate_series(1, 2000) n`,
    `insert into organization_domains (domain, organization_id) select 'org' || id || '.example', id from organizations`,
    `insert into organization_domains (domain, organization_id) values ('acme.example', 1)`,
    `insert into organization_members (address, organization_id) select 'boss@org' || id || '.example', id from organizations`,
    `insert into organization_homes (organization_id, contact_id, seen_at)
     select 1, id, now() - id * interval '1 second' from contacts where name like 'Client %'`,
    `insert into organization_homes (organization_id, contact_id, seen_at) select id, 1, now() from organizations where id > 1`,
  ])
    await database.query(statement)
  await database.query('analyze')
})
afterAll(() => desk.end())

const row = {
  id: 1,
  lane: 'slack:CTRIAGE',
  ticketId: 1001,
  effect: { kind: 'post', slot: { place: 'card' } },
} as OutboxRow
const user = { teamId: 'T1', userId: 'U77' }
const hash = Buffer.alloc(32)

const questions: Record<string, (db: Db) => Promise<unknown>> = {
  'the first waiting effect of a lane': (db) => firstWaiting(db, 'slack:CTRIAGE'),
  'the edits to fold': (db) => foldEdits(db, row),
  'the lanes that are due': (db) => dueLanes(db),
  'a ticket and its CCs': (db) => loadForUpdate(db, 1001),
  'the events of a ticket': (db) => eventsOf(db, 1001),
  'the messages that show a comment’s files': (db) => redrawFiles(db, 1),
  'the files of a comment': (db) => filesToFetch(db, 1),
  'what became of a comment’s files in a channel': (db) => uploadsOf(db, 1, 'CTRIAGE'),
  'a file by its id in Slack': (db) => markUploads(db, ['F7'], 'shared'),
  'a file that Slack has let go of': (db) => forgetSent(db, ['F7']),
  'the ticket behind a reply address': (db) => ticketOfSecret(db, 'reply', hash),
  'the tickets behind Message-IDs': (db) => ticketsOfMessageIds(db, ['a', 'b']),
  'the mails of a thread': (db) => threadOf(db, 1001, 1),
  'a mail on notice': (db) => noticedMail(db, 5),
  'the newest mails that ended so': (db) => ledgerRows(db, 'held', 20),
  'what does not add up in the ledger': (db) => unaccountedMail(db),
  'the next mail to understand': (db) => nextWaitingMail(db),
  'an earlier mail with the same words': (db) => earlierTwin(db, 5, hash),
  'the ticket behind a Slack message': (db) => ticketOfMessage(db, 'CTRIAGE', '1'),
  'a source': (db) => Promise.all([claimSource(db, 'mail/9', new Date()), ticketOfSource(db, 'mail/9')]),
  'the requests of a person': (db) => requestPage(db, 77, freshView, 20),
  'the requests of a person with a status': (db) => requestPage(db, 77, { ...freshView, status: 'open' }, 20),
  'the oldest requests of a person, further on': (db) =>
    requestPage(db, 77, { ...freshView, oldestFirst: true, edge: { side: 'after', at: 1e12, id: 1001 } }, 20),
  'the requests of a person with words in them': (db) =>
    requestPage(db, 77, { ...freshView, search: 'printer ink' }, 20),
  'the request with a number': (db) => requestPage(db, 77, { ...freshView, search: '#1042' }, 20),
  'the requests somebody is copied on': (db) => requestPage(db, 77, { ...freshView, scope: 'cc' }, 20),
  'the requests somebody is copied on with words in them': (db) =>
    requestPage(db, 77, { ...freshView, scope: 'cc', search: 'printer ink' }, 20),
  'what waits for a person': (db) => waitingFor(db, 77, 3),
  'whether somebody may read a request': (db) => readableTicket(db, 77, 1001),
  'how somebody looks at their App Home': (db) => homeViewOf(db, 77),
  'the Homes on which a request is': (db) => homesOn(db, { requesterId: 77, ccIds: [78, 79] }, [], new Date()),
  'the Homes that a grant changes': (db) => homesUnderGrant(db as Tx, 1, new Date()),
  'whose Homes are about to be drawn': (db) => drawOthersHomes(db as Tx, 'cause', [77], 0),
  'people and where they are reached': (db) => people(db, [77, 78]),
  'a person by their address': (db) => contactOfAddress(db, 'client77@acme.example'),
  'a person by their Slack user': (db) => contactOfSlackUser(db, user),
  'the addresses of people': (db) => addressesOf(db, [77, 78]),
  'the reminders that are due': (db) => ticketsToRemind(db, new Date(), 100),
  'the drafts that a talk which goes came along with': (db) =>
    db.query('update drafts set talk_id = null where talk_id = $1', [randomUUID()]),
  'a draft': (db) => draftOf(db, user, randomUUID()),
  'the drafts that are too old': (db) => forgetOldDrafts(db, new Date('2020-01-01')),
}

test.each(Object.entries(questions))('no table is read through to find %s', async (_, ask) => {
  const plan = await explain(desk.database, ask)
  expect(plan).not.toMatch(/Seq Scan on (?!mailboxes|lanes|agents)/)
  expect(plan).toMatch(/Index|Bitmap|Insert/)
})

test('one change draws at most fifty Homes, those that were looked at last, in an organisation of 20,000', async () => {
  const who = await homesOn(desk.database, { requesterId: 77, ccIds: [] }, [], new Date())
  const { rows } = await desk.database.query<{ contact_id: number }>(
    'select contact_id from organization_homes where organization_id = 1 and contact_id <> 77 order by seen_at desc limit 50',
  )
  expect(who).toEqual(rows.map((row) => row.contact_id))
})

test('of 100,000 effects only those that wait are looked at', async () => {
  for (const name of ['the first waiting effect of a lane', 'the edits to fold', 'the lanes that are due'])
    expect(await explain(desk.database, questions[name]!), name).toContain('outbox_waiting')
})
