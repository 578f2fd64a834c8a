-- The mail ledger: every fetched message has one row in inbound_mails and that row one end, with who or what decided.
alter table inbound_mails
  -- How many of its tries failed by a fault; the others were cut off, by a kill more likely than by the mail.
  add column failures integer not null default 0,
  -- What the rule looked at: addresses, ids, marks and the tickets they named. No bodies.
  add column saw jsonb,
  -- Of a mail that a person must look at: whom it names, believable or not, and how it begins.
  add column claimed_from text,
  add column excerpt text,
  -- How it ended before an agent or a replay changed that, and the ticket it was held beside then.
  add column first_outcome text,
  add column first_reason text,
  add column wanted_ticket_id bigint references tickets,
  add column replays integer not null default 0,
  add column decision text check (decision in ('accepted', 'opened', 'discarded')),
  add column decided_by bigint references agents,
  add column decided_at timestamptz,
  add check ((decision is null) = (decided_by is null)),
  add check ((state = 'done') = (outcome is not null)),
  add check (outcome in ('ticket', 'reply', 'follow-up', 'held', 'automatic', 'bounce', 'loop', 'duplicate', 'spam',
    'rejected', 'unreadable'));
create index inbound_mails_by_outcome on inbound_mails (outcome, id desc);

-- Every UID that was fetched and the mail it was kept as: the same bytes fetched again, under a new UID, are one mail.
-- Without a foreign key, because whether that row is there is what the sweep checks.
create table fetched_mails (
  mailbox text not null,
  uid_validity bigint not null,
  uid bigint not null,
  mail_id bigint not null,
  fetched_at timestamptz not null default now(),
  primary key (mailbox, uid_validity, uid)
);
create index on fetched_mails (fetched_at);
insert into fetched_mails (mailbox, uid_validity, uid, mail_id, fetched_at)
  select mailbox, uid_validity, uid, id, fetched_at from inbound_mails;
