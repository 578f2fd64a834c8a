-- Whether the server of a mailbox lets in a stranger's Authentication-Results under the name whose word we take: found
-- out by a mail to ourselves that carries one. What the mail is recognised by is kept nowhere: it is derived from the id.
create table mailbox_checks (
  mailbox text not null,
  authserv_id text not null,
  -- Of the latest mail.
  check_id uuid not null default gen_random_uuid(),
  begun_at timestamptz not null,
  -- When the latest mail came back; until then the verdict is that of an earlier one. Null without any.
  arrived_at timestamptz,
  verdict text check (verdict in ('removed', 'kept')),
  -- When it was said that the latest mail did not come back.
  missed_at timestamptz,
  primary key (mailbox, authserv_id),
  check (arrived_at is null or verdict is not null)
);

alter table outbox
  drop constraint outbox_kind_check,
  add constraint outbox_kind_check check (kind in ('post', 'mail', 'code', 'check'));
alter table inbound_mails
  drop constraint inbound_mails_outcome_check,
  add constraint inbound_mails_outcome_check check (outcome in ('ticket', 'reply', 'follow-up', 'held', 'automatic',
    'bounce', 'loop', 'duplicate', 'spam', 'rejected', 'unreadable', 'check'));

-- Why the words of a comment that came by mail cannot be read: they are encrypted, or packed by Outlook.
alter table comments add column sealed text check (sealed in ('encrypted', 'winmail'));
