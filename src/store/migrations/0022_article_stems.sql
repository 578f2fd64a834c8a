-- Rarity is asked of a word in all its endings: "invoices" is as common as "invoice". The row with the empty word says how
-- many articles the language has in all.
alter table article_words add column stem text;
update article_words set stem = coalesce((tsvector_to_array(to_tsvector(case language
    when 'da' then 'danish' when 'de' then 'german' when 'en' then 'english' when 'es' then 'spanish' when 'fi' then 'finnish'
    when 'fr' then 'french' when 'hu' then 'hungarian' when 'it' then 'italian' when 'nl' then 'dutch' when 'no' then 'norwegian'
    when 'pt' then 'portuguese' when 'ro' then 'romanian' when 'ru' then 'russian' when 'sv' then 'swedish' when 'tr' then 'turkish'
    else 'simple' end::regconfig, word)))[1], word);
insert into article_words (language, word, stem, articles)
  select language, '', '', count(*) from articles where removed_at is null group by language;
alter table article_words alter column stem set not null;
create index article_words_stem on article_words (language, stem);

-- Labels are what an article is about, as its title is.
update articles set title_search = title_search || to_tsvector(case language
    when 'da' then 'danish' when 'de' then 'german' when 'en' then 'english' when 'es' then 'spanish' when 'fi' then 'finnish'
    when 'fr' then 'french' when 'hu' then 'hungarian' when 'it' then 'italian' when 'nl' then 'dutch' when 'no' then 'norwegian'
    when 'pt' then 'portuguese' when 'ro' then 'romanian' when 'ru' then 'russian' when 'sv' then 'swedish' when 'tr' then 'turkish'
    else 'simple' end::regconfig, array_to_string(labels, ' '))
  where labels <> '{}';
