import type { Database } from '../../src/store/database.ts'

/** Slack's team id of the sandbox, and the user ids of the people who open their Home at once. */
export const TEAM = 'T0SANDBOX'
export const crowdIds = Array.from({ length: 50 }, (_, n) => `U0CROWD${String(n + 1).padStart(2, '0')}`)

export const ME = 1

/**
 * Fills a migrated, empty database with `total` tickets (at least 2,000), each with three comments and four events:
 * 1,000 are mine (contact 1), on the next 1,000 I am copied and manage them for my organisation; in a large one the
 * crowd has 1,000 each; the rest is everybody else's.
 */
export async function fill(database: Database, total: number): Promise<void> {
  await database.transaction(async (tx) => {
    for (const statement of statements(total)) await tx.query(statement)
  })
  const client = await database.pool.connect()
  await client.query('set statement_timeout = 0')
  await client.query('vacuum (analyze, parallel 0)')
  client.release(true)
}

const statements = (total: number): string[] => [
  'set local statement_timeout = 0',
  'set local synchronous_commit = off',
  'alter table comments disable trigger comments_words',
  // Millions of rows that are right by construction: looking up each one's ticket would take most of the time.
  `do $$ declare fk record; begin
     for fk in select conrelid::regclass as of, conname from pg_constraint where contype = 'f'
       and conrelid::regclass::text in ('tickets', 'comments', 'events', 'ticket_ccs', 'ticket_words') loop
       execute format('alter table %s drop constraint %I', fk.of, fk.conname);
     end loop; end $$`,
  // 3,000 words, the common ones far more often than the rare, in 4,000 texts of forty.
  `create temp table pool on commit drop as
   select id, said, to_tsvector('simple', folded(said)) as words from (
     select n as id, string_agg('word' || floor(3000 * power(random(), 3))::int, ' ') as said
     from generate_series(1, 4000) n, generate_series(1, 40) w group by n) texts`,
  'create unique index on pool (id)',
  `insert into contacts (name, locale, time_zone, created_at)
   select 'Client ' || n, 'en', 'Europe/Berlin', now() from generate_series(1, 20000) n`,
  `insert into contact_addresses (address, contact_id, is_proven)
   select 'client' || id || case when id = 1 or id between 101 and 120 then '@acme.bench' else '@other' || id % 500 || '.bench' end, id, true
   from contacts`,
  `insert into contact_slack_users (team_id, user_id, contact_id)
   select '${TEAM}', 'U0CROWD' || lpad(id::text, 2, '0'), id from contacts where id <= ${crowdIds.length}`,
  `insert into agents (team_id, user_id, name, created_at) values ('${TEAM}', 'U0KOFI', 'Kofi Mensah', now())`,
  `insert into organizations (name, access, created_at) values ('Acme', 'all', now())`,
  `insert into organization_domains (domain, organization_id) values ('acme.bench', 1)`,
  `insert into tickets (status, subject, requester_id, assignee_id, group_key, region_key, answers, priority, locale, via,
     opened_at, last_requester_comment_at, last_activity_at, solved_at, reopen_until, closed_at, rating_score, rated_at)
   select status, 'Question ' || n || ' about word' || n % 3000,
     case when n <= 1000 then 1 when n <= 2000 then 101 + n % 20 when n <= 51000 then 1 + (n - 1001) / 1000 else 121 + n % 19000 end,
     1, 'emea', 'emea', '{}', 'normal', 'en', case when n % 3 = 0 then 'mail' else 'slack' end, at, at, at,
     case when status in ('solved', 'closed') then at end, case when status = 'solved' then at + interval '27 hours' end,
     case when status = 'closed' then at + interval '27 hours' end,
     case when status = 'closed' and n % 3 > 0 then 1 + n % 5 end, case when status = 'closed' and n % 3 > 0 then at end
   from (select n, case when n % 10 < 7 then 'closed' when n % 10 = 7 then 'solved' when n % 10 = 8 then 'pending' else 'open' end as status,
       date_trunc('milliseconds', now() - random() * interval '3 years') as at
     from generate_series(1, ${total}) n) made`,
  `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
   select t.id, case when k = 2 then 'agent' else 'contact' end, case when k = 2 then 1 else t.requester_id end, true, t.via,
     p.said, t.opened_at
   from tickets t cross join generate_series(1, 3) k join pool p on p.id = 1 + (t.id * 7919 + k * 104729) % 4000`,
  `insert into ticket_words (ticket_id, words)
   select t.id, to_tsvector('simple', folded(t.subject)) || one.words || two.words || three.words
   from tickets t join pool one on one.id = 1 + (t.id * 7919 + 104729) % 4000
     join pool two on two.id = 1 + (t.id * 7919 + 209458) % 4000 join pool three on three.id = 1 + (t.id * 7919 + 314187) % 4000`,
  `insert into events (ticket_id, type, data, actor_kind, actor_id, via, source, at)
   select id, (array['opened', 'answered', 'replied', 'closed'])[k], '{"alreadyTold": [], "ccIds": [], "contactIds": []}',
     (array['contact', 'agent', 'contact', 'system'])[k], (array[requester_id, 1, requester_id, null])[k], via, 'bench', opened_at
   from tickets cross join generate_series(1, 4) k`,
  `insert into ticket_ccs (ticket_id, contact_id)
   select id, 1 from tickets where id - 1000 between 1001 and 2000
   union select id, 121 + (id * 31) % 19000 from tickets where id % 3 = 0`,
  'alter table comments enable trigger comments_words',
]
