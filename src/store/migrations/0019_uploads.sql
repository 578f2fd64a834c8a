-- Files of comments that we put into a thread in Slack, one row a file and channel.
create table slack_uploads (
  attachment_id bigint not null references attachments,
  channel text not null,
  place text not null check (place in ('card-files', 'request-files')),
  -- 'sent': Slack has the bytes, and may or may not show them yet. 'linked': only our link is there, for `reason`.
  state text not null check (state in ('sent', 'shared', 'linked', 'deleted')),
  -- Slack's id of our copy, kept before it is shared, so that a repeat asks for it instead of sharing another.
  slack_file text,
  reason text,
  at timestamptz not null default now(),
  primary key (attachment_id, channel)
);
create index on slack_uploads (slack_file) where slack_file is not null;

alter table outbox drop constraint outbox_kind_check;
alter table outbox
  add constraint outbox_kind_check check (kind in ('post', 'mail', 'code', 'check', 'unread', 'upload'));
