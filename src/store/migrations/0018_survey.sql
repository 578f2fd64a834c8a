-- When the requester of a solved ticket is reminded to rate it: once, by the sweep.
alter table tickets add column remind_at timestamptz;
create index tickets_to_remind on tickets (remind_at) where remind_at is not null;

-- When somebody was last asked for a rating, and of which ticket, so that nobody is asked of one after the other.
alter table contacts
  add column asked_to_rate_at timestamptz,
  add column asked_to_rate bigint references tickets;
