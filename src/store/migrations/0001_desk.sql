-- Which database this is: secrets derived from ticket numbers must not repeat in a new one.
create table installation (id uuid primary key default gen_random_uuid());
insert into installation default values;

-- People ------------------------------------------------------------------------------------------------------------
create table contacts (
  id bigint generated always as identity primary key,
  name text not null,
  locale text,
  time_zone text,
  created_at timestamptz not null
);

create table contact_addresses (
  address text primary key check (address = lower(address)),
  contact_id bigint not null references contacts,
  -- Slack or an agent vouches for it; an address from a mail's From is only claimed.
  is_proven boolean not null default false
);
create index on contact_addresses (contact_id);

create table contact_slack_users (
  team_id text not null,
  user_id text not null,
  contact_id bigint not null references contacts,
  dm_channel text,
  primary key (team_id, user_id)
);
create index on contact_slack_users (contact_id);

create table agents (
  id bigint generated always as identity primary key,
  team_id text not null,
  user_id text not null,
  name text not null,
  created_at timestamptz not null,
  unique (team_id, user_id)
);

-- Tickets -----------------------------------------------------------------------------------------------------------
create table tickets (
  id bigint generated always as identity (start with 1001) primary key,
  status text not null check (status in ('open', 'pending', 'solved', 'closed')),
  subject text not null,
  requester_id bigint not null references contacts,
  assignee_id bigint references agents,
  branch text,
  account_key text,
  group_key text not null,
  region_key text not null,
  form jsonb,
  answers jsonb not null,
  impact text,
  users text,
  priority text not null,
  locale text not null,
  via text not null,
  follow_up_of bigint references tickets,
  follow_up_id bigint references tickets,
  opened_at timestamptz not null,
  last_requester_comment_at timestamptz not null,
  last_activity_at timestamptz not null,
  solved_at timestamptz,
  reopen_until timestamptz,
  closed_at timestamptz,
  rating_score smallint,
  rating_comment text,
  rated_at timestamptz,
  -- SHA-256 of the secrets our mails carry: the reply address's token and the survey link's. The secrets themselves
  -- are derived when needed and stored nowhere.
  reply_token_hash bytea unique,
  survey_token_hash bytea unique,
  check ((status = 'solved') = (reopen_until is not null))
);
create index on tickets (requester_id, last_activity_at desc, id desc);
create index tickets_to_close on tickets (reopen_until) where reopen_until is not null;

create table ticket_ccs (
  ticket_id bigint not null references tickets,
  contact_id bigint not null references contacts,
  primary key (ticket_id, contact_id)
);
create index on ticket_ccs (contact_id);

create table comments (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references tickets,
  author_kind text not null check (author_kind in ('contact', 'agent', 'system')),
  author_id bigint,
  is_public boolean not null,
  via text not null,
  text text not null,
  full_text text,
  at timestamptz not null
);
create index on comments (ticket_id, id);

create table attachments (
  id bigint generated always as identity primary key,
  comment_id bigint not null references comments,
  name text not null,
  content_type text not null,
  size bigint not null,
  sha256 bytea,
  slack_file jsonb,
  refused text
);
create index on attachments (comment_id);

-- The log: what happened, who did it, through what, when.
create table events (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references tickets,
  type text not null,
  data jsonb not null,
  actor_kind text not null,
  actor_id bigint,
  via text not null,
  source text not null,
  comment_id bigint references comments,
  at timestamptz not null
);
create index on events (ticket_id, id);

-- A command's outside cause, once: the second arrival of the same source finds its row and does nothing.
create table handled_sources (
  source text primary key,
  ticket_id bigint,
  at timestamptz not null
);

-- What must happen outside ------------------------------------------------------------------------------------------
create table outbox (
  id bigint generated always as identity primary key,
  key text not null unique,
  -- Null for what is about no ticket: a mail that a person should look at.
  ticket_id bigint references tickets,
  event_id bigint references events,
  kind text not null check (kind in ('post', 'mail')),
  lane text not null,
  effect jsonb not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'trying', 'done', 'folded', 'never', 'unknown')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  tried_at timestamptz,
  done_at timestamptz,
  message_id text,
  problem text
);
create index outbox_waiting on outbox (lane, id) where state in ('waiting', 'trying');
create index on outbox (ticket_id, id);

-- Messages of ours in Slack, one row a slot, so that the next effect on it edits instead of posting.
create table slack_messages (
  slot text primary key,
  ticket_id bigint references tickets,
  channel text not null,
  ts text not null,
  rendered_hash bytea
);
create unique index on slack_messages (channel, ts);

-- One lane a Slack channel, or one person's mail on one ticket: from when it may speak again.
create table lanes (
  lane text primary key,
  next_at timestamptz not null
);

-- Every Message-ID that left here, so that an answer to it finds its ticket.
create table sent_mails (
  message_id_hash bytea primary key,
  message_id text not null,
  ticket_id bigint not null references tickets,
  outbox_id bigint references outbox,
  contact_id bigint not null references contacts,
  at timestamptz not null
);
create index on sent_mails (ticket_id, at);

-- Mail that came in -------------------------------------------------------------------------------------------------
create table mailboxes (
  mailbox text primary key,
  uid_validity bigint,
  last_uid bigint not null default 0,
  -- When the desk first saw the mailbox: what lies there from before is left alone, also when UIDs are given anew.
  since timestamptz,
  resync_up_to bigint,
  -- Every mail the server received before this is stored; no ticket closes past it.
  read_up_to timestamptz
);

create table inbound_mails (
  id bigint generated always as identity primary key,
  mailbox text not null,
  uid_validity bigint not null,
  uid bigint not null,
  sha256 bytea not null,
  raw bytea not null,
  received_at timestamptz not null,
  fetched_at timestamptz not null,
  state text not null default 'stored' check (state in ('stored', 'done')),
  attempts integer not null default 0,
  retry_at timestamptz not null default now(),
  outcome text,
  rule text,
  reason text,
  problem text,
  ticket_id bigint references tickets,
  contact_id bigint references contacts,
  message_id text,
  message_id_hash bytea,
  -- Of what the sender wrote, without what servers added on the way: the same words again are no second event.
  content_hash bytea,
  sender text,
  subject text,
  done_at timestamptz,
  unique (mailbox, uid_validity, uid)
);
create unique index inbound_mails_once on inbound_mails (mailbox, sha256);
create index inbound_mails_waiting on inbound_mails (id) where state = 'stored';
create index on inbound_mails (message_id_hash);
create index on inbound_mails (content_hash);
create index on inbound_mails (ticket_id) where ticket_id is not null;

-- The questionnaire, while it is being filled in ----------------------------------------------------------------------
create table drafts (
  id uuid primary key,
  team_id text not null,
  user_id text not null,
  page text not null,
  answers jsonb not null,
  ticket_id bigint references tickets,
  updated_at timestamptz not null
);
create unique index drafts_unfinished on drafts (team_id, user_id) where ticket_id is null;
