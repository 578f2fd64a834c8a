-- Clients of one company, and who among them may read and manage all its requests (CLI-07..09).
create table organizations (
  id bigint generated always as identity primary key,
  name text not null,
  -- 'all': everybody with a proven address at one of its domains; 'named': those in organization_members; 'none': revoked.
  access text not null check (access in ('all', 'named', 'none')),
  created_at timestamptz not null
);

-- A domain is one organisation's.
create table organization_domains (
  domain text primary key check (domain = lower(domain)),
  organization_id bigint not null references organizations
);
create index on organization_domains (organization_id);

-- The named ones, by address: a grant counts from the moment that somebody has proven it is theirs.
create table organization_members (
  organization_id bigint not null references organizations,
  address text not null check (address = lower(address)),
  primary key (organization_id, address)
);
create index on organization_members (address);

-- Who granted what, when; revoking is one too. Never changed.
create table organization_grants (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations,
  agent_id bigint not null references agents,
  -- The request in which it was asked for, where there is one.
  ticket_id bigint references tickets,
  granted jsonb not null,
  source text not null unique,
  at timestamptz not null
);
create index on organization_grants (organization_id, id);

-- Whose requests an organisation's are: those of everybody who writes from its domains.
create index contact_addresses_domain on contact_addresses (substring(address, '[^@]*$'));

-- The language somebody chose for themselves; null: as Slack has it, or as their mail is written.
alter table contacts add column language text;

-- Of two Slack users with one address (an account that was replaced), the newer one is told.
alter table contact_slack_users add column linked_at timestamptz not null default now();

-- Access to a store by a code that was mailed to the address it is registered with (AUT-03). That address is the store's,
-- and several people may have shown that they can read its mail; which stores it opens, the desk file says.
create table contact_store_addresses (
  contact_id bigint not null references contacts,
  address text not null check (address = lower(address)),
  proven_at timestamptz not null,
  primary key (contact_id, address)
);

-- What a code is for: an address of one's own, or access to a store.
alter table linking_codes add column purpose text not null default 'address' check (purpose in ('address', 'store'));
-- How many were mailed by the whole desk in an hour.
create index on linking_codes (asked_at);
