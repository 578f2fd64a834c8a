-- Help articles, one row an article and language. A removed one stays: what was counted and followed stays true.
create table articles (
  id bigint generated always as identity primary key,
  -- Which import it belongs to: one import never removes what another brought.
  source text not null,
  -- The same article in another language has the same key.
  key text not null,
  locale text not null,
  language text not null,
  title text not null,
  section text,
  labels text[] not null,
  url text,
  audience text not null check (audience in ('everyone', 'staff')),
  parts jsonb not null,
  text text not null,
  -- SHA-256 of what its followers read: title and text.
  content_hash bytea not null,
  -- SHA-256 of everything its source says of it.
  written_hash bytea not null,
  version integer not null default 1,
  updated_at timestamptz,
  changed_at timestamptz not null,
  removed_at timestamptz,
  -- Its different words, folded, as they are counted in article_words.
  words text[] not null,
  title_search tsvector not null,
  search tsvector not null,
  unique (source, key, locale)
);
create index articles_title_search on articles using gin (title_search) where removed_at is null;
create index articles_search on articles using gin (search) where removed_at is null;

-- In how many articles of a language a word is: rare words say more, and a word that is in none may be misspelt. The
-- index that finds its neighbours needs pg_trgm and is made at the start, where that may fail without stopping anything.
create table article_words (
  language text not null,
  word text not null,
  articles integer not null,
  primary key (language, word)
);
alter table article_words set (fillfactor = 70);

create table article_imports (
  id bigint generated always as identity primary key,
  source text not null,
  at timestamptz not null
);

create table article_follows (
  contact_id bigint not null references contacts,
  article_id bigint not null references articles,
  at timestamptz not null,
  primary key (contact_id, article_id)
);
create index on article_follows (article_id);

-- Whom an import has news for, and of which articles: one message a person and import.
create table article_news (
  import_id bigint not null references article_imports,
  contact_id bigint not null references contacts,
  article_id bigint not null references articles,
  version integer not null,
  primary key (contact_id, article_id, version)
);
create index on article_news (import_id, contact_id);

-- Offered and read, once for each occasion: a draft of the questionnaire, or somebody's day of searching.
create table article_uses (
  article_id bigint not null references articles,
  kind text not null check (kind in ('offered', 'read')),
  occasion text not null,
  contact_id bigint not null references contacts,
  at timestamptz not null,
  primary key (occasion, kind, article_id)
);
create index on article_uses (at);

-- A wish that an article settled before there was a ticket. The draft ended with it and is kept here, so that its author
-- can go on with it after all; then the article settled nothing.
create table deflections (
  draft_id uuid primary key,
  article_id bigint not null references articles,
  contact_id bigint not null references contacts,
  words text not null,
  locale text,
  page text not null,
  answers jsonb not null,
  form_version text,
  at timestamptz not null,
  resumed_at timestamptz
);
create index on deflections (at);
