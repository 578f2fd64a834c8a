-- When the requester of a solved ticket is reminded to rate it: once, by the sweep.
alter table tickets add column remind_at timestamptz;
create index tickets_to_remind on tickets (remind_at) where remind_at is not null;

-- When somebody was last asked for a rating, for whichever ticket, so that nobody is asked twice in a short time.
alter table contacts add column asked_to_rate_at timestamptz;
