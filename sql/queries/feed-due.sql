-- Feeds in use whose time has come, the one that has waited longest first.
-- $1 int: the agency, 0 for every one; $2 timestamptz: now
-- -> feed_id
SELECT feed_id FROM feed
WHERE ($1::int = 0 OR agency_id = $1::int) AND off_at IS NULL AND next_at <= $2::timestamptz
ORDER BY next_at, feed_id
