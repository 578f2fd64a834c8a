-- What an agent takes back before it leaves ends as withdrawn. Until `not_before` an effect is not in its lane and holds
-- up nothing there; one whose `next_at` alone is in the future holds up all that comes behind.
alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check
  check (state in ('waiting', 'trying', 'done', 'folded', 'never', 'unknown', 'withdrawn'));
alter table outbox
  add column not_before timestamptz,
  add column first_tried_at timestamptz;
create index outbox_not_yet on outbox (lane, not_before) where not_before is not null and state = 'waiting';
create index outbox_of_event on outbox (event_id) where event_id is not null;

-- Addresses whose server said for good that there is nobody: no mail goes there until an agent lifts it.
create table suppressions (
  address text primary key check (address = lower(address)),
  -- The server's words.
  reason text not null,
  ticket_id bigint references tickets,
  at timestamptz not null
);
