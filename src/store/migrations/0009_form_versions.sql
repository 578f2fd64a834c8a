-- Every form anybody was asked with, questions and words in every language, by a hash of its content: an old ticket is
-- shown with the questions it was asked. Written once at the start that brings a new one; nothing here ever changes.
create table form_versions (
  version text primary key,
  name text not null,
  form jsonb not null,
  labels jsonb not null,
  since timestamptz not null
);

-- The form a draft was begun with. Null for drafts from before forms were kept.
alter table drafts add column form_version text;

-- Whether the solution may be shared anonymously: what was said, of which form, when and by whom, and when it was taken
-- back. Null where nobody was asked.
alter table tickets add column consent jsonb;
-- What was said before this was kept by itself. A follow-up carries answers over, and nobody was asked for it.
update tickets set consent = jsonb_build_object(
    'given', answers -> 'consent', 'contactId', requester_id, 'at', opened_at,
    'formVersion', form ->> 'version', 'withdrawnAt', null)
  where jsonb_typeof(answers -> 'consent') = 'boolean' and follow_up_of is null;
