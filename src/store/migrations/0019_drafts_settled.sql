-- What a draft that an article settled was begun with: whom it was filled in for, and what came along from Slack.
alter table deflections
  add column requester_id bigint references contacts,
  add column talk_id uuid references talks on delete set null;

-- Old talks are deleted while somebody waits: without these, each would read every draft there ever was.
create index drafts_of_talk on drafts (talk_id) where talk_id is not null;
create index deflections_of_talk on deflections (talk_id) where talk_id is not null;
