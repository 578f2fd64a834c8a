-- In whose App Home the requests of an organisation are a list, as of when they last opened it: whom a change among
-- those requests is drawn for.
create table organization_homes (
  organization_id bigint not null references organizations,
  contact_id bigint not null references contacts,
  seen_at timestamptz not null,
  primary key (organization_id, contact_id)
);
create index on organization_homes (organization_id, seen_at desc);
create index on organization_homes (contact_id);
