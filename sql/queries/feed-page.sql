-- Notes the page that is to come: a run that is killed goes on there.
-- $1 bigint: feed; $2 text or null: the page's address
UPDATE feed SET page = $2::text WHERE feed_id = $1::bigint
