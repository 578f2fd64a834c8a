-- Drafts that nobody sent are deleted after a month, whenever a form is opened: without this, each opening would read them all.
create index drafts_by_age on drafts (updated_at) where ticket_id is null;
