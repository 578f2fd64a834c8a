-- What the lines of a talk became, by the source it was handled under, and where in its comment they stand: text, and in
-- between {"ts": …} for a line, each on rows of its own. An edit of a line finds its place by these.
alter table talks
  add column became text,
  add column passage jsonb;
-- What a line said when a description was begun with it, and when it was last changed, by Slack's clock.
alter table talk_words
  add column begun text,
  add column changed_at timestamptz;
-- A file that went with the line it came with, while the rest of the comment stays.
alter table attachments add column removed_at timestamptz;
