-- Our question about a talk is a message like any other of ours now: known by its slot, and edited by effects.
insert into slack_messages (slot, channel, ts)
  select 'way-in/' || id, channel, asked_ts from talks where asked_ts is not null
  on conflict do nothing;
alter table talks drop column asked_ts;
