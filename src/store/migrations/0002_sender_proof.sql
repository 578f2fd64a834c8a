-- Whether we may believe who wrote a mail: of the mail, and of the comment it became. Null where nobody asked: what came
-- in otherwise than by mail, and what came before this.
alter table inbound_mails
  add column sender_proof text check (sender_proof in ('verified', 'unproven', 'failed')),
  add column sender_reason text;
alter table comments add column sender_proof text check (sender_proof in ('verified', 'unproven', 'failed'));

-- To whom a mail that no person wrote was sent, so that nobody gets too many (threats E16, E17).
alter table sent_mails
  add column automatic_to text check (automatic_to = lower(automatic_to)),
  add column is_to_stranger boolean not null default false;
create index sent_mails_automatic on sent_mails (automatic_to, at) where automatic_to is not null;
create index sent_mails_to_strangers on sent_mails (split_part(automatic_to, '@', 2), at) where is_to_stranger;
