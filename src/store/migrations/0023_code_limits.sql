-- Where a code goes: what is counted against mail that nobody there wanted. A mailbox has as many names as "+" gives it.
alter table linking_codes
  add column mailbox text not null generated always as (regexp_replace(address, '[+][^@]*@', '@')) stored,
  add column domain text not null generated always as (substring(address, '[^@]*$')) stored;
