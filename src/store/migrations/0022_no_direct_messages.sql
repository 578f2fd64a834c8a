-- Since when Slack lets us send somebody no direct message, and its own word for why; null: it does, as far as we know.
alter table contact_slack_users add column no_dm_since timestamptz, add column no_dm_reason text;

create index contact_slack_users_no_dm on contact_slack_users (dm_channel) where no_dm_since is not null;

-- The channel in which somebody last pressed or typed something to us: there they can be told what only they should see.
create table slack_places (
  team_id text not null,
  user_id text not null,
  channel text not null,
  seen_at timestamptz not null,
  primary key (team_id, user_id)
);

alter table outbox
  drop constraint outbox_kind_check,
  add constraint outbox_kind_check check (kind in ('post', 'mail', 'code', 'check', 'unread', 'upload', 'whisper'));
