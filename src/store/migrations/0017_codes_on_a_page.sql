-- Two addresses are also linked on a page, by a code mailed to each.
alter table linking_codes
  drop constraint linking_codes_purpose_check,
  add constraint linking_codes_purpose_check check (purpose in ('address', 'store', 'page'));
