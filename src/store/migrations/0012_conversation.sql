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
