-- A mail that tells its sender that nobody here could read theirs.
alter table outbox
  drop constraint outbox_kind_check,
  add constraint outbox_kind_check check (kind in ('post', 'mail', 'code', 'check', 'unread'));
