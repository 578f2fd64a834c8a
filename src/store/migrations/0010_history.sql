-- The request history of people outside: what they look at, and what their words find.

-- Lists by requester are one index away at any depth, with and without a status.
create index tickets_of_requester_by_status on tickets (requester_id, status, last_activity_at desc, id desc);
-- What a requester has not rated yet: those that are solved or were.
create index tickets_unrated on tickets (requester_id, last_activity_at desc, id desc)
  where rated_at is null and status in ('solved', 'closed');

-- Letters only, without accents and capitals, as words are compared. What joins words in codes and addresses parts them
-- here, so that "1234" finds "ORD-1234" and "example" finds "shop.example.com".
create function folded(text) returns text language sql immutable strict parallel safe as $$
  select translate(lower(regexp_replace(normalize($1, nfkd), '[\u0300-\u036f]', '', 'g')),
    '.,;:!?¿¡"''’`´(){}[]<>/\|@#$%^&*_+=~-–—…«»“”', repeat(' ', 60))
$$;

-- The words of a ticket that everybody on it may read: its subject and its public comments. Newest comments first, so
-- that the limit takes from the oldest. It is of the folded words, because folding makes up to eighteen signs of one: at
-- four bytes a sign they stay below the 1 MB that a tsvector takes, and one that did not would take no comment any more.
create function ticket_words_of(ticket bigint) returns tsvector language sql stable as $$
  select to_tsvector('simple', left(folded(t.subject || ' ' || coalesce((
    select left(string_agg(left(c.text, 10000), ' ' order by c.id desc), 200000)
    from comments c where c.ticket_id = t.id and c.is_public), '')), 200000))
  from tickets t where t.id = ticket
$$;

-- Every word typed, as the beginning of a word. Null when nothing was typed that could be found.
create function search_query(typed text) returns tsquery language sql immutable strict as $$
  select string_agg(quote_literal(lexeme) || ':*', ' & ')::tsquery
  from unnest(to_tsvector('simple', folded(typed)))
$$;

create table ticket_words (
  ticket_id bigint primary key references tickets,
  words tsvector not null
);
insert into ticket_words select id, ticket_words_of(id) from tickets;

-- Whatever adds, edits or hides a comment, search never shows what the conversation does not.
create function index_ticket_words() returns trigger language plpgsql as $$
begin
  insert into ticket_words values (new.ticket_id, ticket_words_of(new.ticket_id))
  on conflict (ticket_id) do update set words = excluded.words;
  return null;
end $$;
create trigger comments_words after insert or update of text, is_public on comments
  for each row execute function index_ticket_words();

-- How somebody last looked at their App Home: what is drawn again in the background must show the same page.
create table home_views (
  contact_id bigint primary key references contacts,
  view jsonb not null,
  seen_at timestamptz not null
);
