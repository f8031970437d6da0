-- Feeds, those turned off too.
-- $1 int: the agency, 0 for every one; $2 bigint: a feed, 0 for all
-- -> feed_id, agency_id, agency, kind, address, options, every_s, created_at, off_at, off_reason, next_at, tried_at, loaded_at,
--    failures, outcome, message, etag, last_modified, page, batch_id
SELECT f.feed_id, f.agency_id, a.code AS agency, f.kind, f.address, f.options, f.every_s, f.created_at, f.off_at, f.off_reason,
       f.next_at, f.tried_at, f.loaded_at, f.failures, f.outcome, f.message, f.etag, f.last_modified, f.page, f.batch_id
FROM feed f
JOIN agency a ON a.agency_id = f.agency_id
WHERE ($1::int = 0 OR f.agency_id = $1::int) AND ($2::bigint = 0 OR f.feed_id = $2::bigint)
ORDER BY f.feed_id
