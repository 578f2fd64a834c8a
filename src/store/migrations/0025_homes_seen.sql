-- Whose App Home may be on their screen: when an organisation's access changes, only they are looked through.
create index home_views_seen on home_views (seen_at desc);
