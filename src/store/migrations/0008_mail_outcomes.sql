-- How often it was not found, after its connection failed behind DATA, that a mail left; 0: that never happened to it.
alter table outbox add column doubts integer not null default 0;
