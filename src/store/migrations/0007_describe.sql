-- SHA-256 of the token in the link to the page that asks for what a ticket opened by mail does not say. Null for
-- tickets from before there was one.
alter table tickets add column describe_token_hash bytea unique;
