-- What came of looking at a feed.
-- $1 bigint: feed; $2 timestamptz: now; $3 int: seconds to the next look; $4 text: outcome; $5 text or null: message;
-- $6 int: failures in a row; $7 text or null: etag; $8 text or null: last modified; $9 text or null: page; $10 bigint or null: batch
UPDATE feed SET tried_at = $2::timestamptz, next_at = $2::timestamptz + make_interval(secs => $3::int), outcome = $4::text,
    message = $5::text, failures = $6::int, etag = $7::text, last_modified = $8::text, page = $9::text,
    batch_id = coalesce($10::bigint, batch_id),
    loaded_at = CASE WHEN $10::bigint IS NULL THEN loaded_at ELSE $2::timestamptz END
WHERE feed_id = $1::bigint
