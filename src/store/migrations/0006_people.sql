-- Two contacts found to be one person: this one's addresses, tickets and copies went to the other. It stays, because
-- comments and the log name it.
alter table contacts
  add column merged_into bigint references contacts,
  add column merged_at timestamptz,
  add check ((merged_into is null) = (merged_at is null));
create index on contacts (merged_into) where merged_into is not null;

-- When an address was added by a mailed code. People are written to at an address they had before, while there is one.
alter table contact_addresses add column linked_at timestamptz;

-- Codes that were mailed to an address somebody says is theirs too. The code itself is kept nowhere: it is derived from
-- the id and the secret of the installation.
create table linking_codes (
  id uuid primary key default gen_random_uuid(),
  contact_id bigint not null references contacts,
  address text not null check (address = lower(address)),
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  tries smallint not null default 0,
  used_at timestamptz
);
create index on linking_codes (contact_id, asked_at);
create index on linking_codes (address, asked_at);

alter table outbox
  drop constraint outbox_kind_check,
  add constraint outbox_kind_check check (kind in ('post', 'mail', 'code'));
