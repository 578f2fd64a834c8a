-- A comment whose author changed or took back the message it came from. The words from before are with the event.
alter table comments
  add column edited_at timestamptz,
  add column removed_at timestamptz;

-- A change of a Slack message that arrived before the message itself: kept until that does. `text` null: it was deleted.
create table early_changes (
  channel text not null,
  ts text not null,
  text text,
  at timestamptz not null,
  primary key (channel, ts)
);
create index on early_changes (at);

-- What somebody brought to the desk outside of any request: words in its direct message or to its name, or a message of a
-- conversation. It waits for them to say what it is, and is gone when they have, or after a month.
create table talks (
  id uuid primary key default gen_random_uuid(),
  team_id text not null,
  user_id text not null,
  kind text not null check (kind in ('direct', 'mention', 'message')),
  channel text not null,
  thread_ts text,
  -- Where people know it by; null where its name is nobody else's business.
  channel_name text,
  -- The message that a request is made of, where it stands among others.
  pressed_ts text,
  -- Our question in that channel.
  asked_ts text,
  -- What of the conversation could not be brought.
  is_unread boolean not null default false,
  left_out integer not null default 0,
  last_at timestamptz not null,
  settled_at timestamptz
);
create index on talks (team_id, user_id, last_at) where settled_at is null;
create index on talks (last_at);

create table talk_words (
  talk_id uuid not null references talks on delete cascade,
  channel text not null,
  ts text not null,
  author text not null,
  -- Slack's id of whoever wrote it; null for an app.
  author_id text,
  is_own boolean not null,
  text text not null,
  files jsonb not null,
  primary key (talk_id, ts)
);
create index on talk_words (channel, ts);

-- A questionnaire may bring such words, and an agent may fill one in for somebody: each then has a draft of its own.
alter table drafts
  add column requester_id bigint references contacts,
  add column talk_id uuid references talks on delete set null;
drop index drafts_unfinished;
create unique index drafts_unfinished on drafts (team_id, user_id, coalesce(requester_id, 0)) where ticket_id is null;
