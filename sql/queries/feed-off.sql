-- Turns a feed off.
-- $1 int: the agency, 0 for any; $2 bigint: feed; $3 timestamptz: now; $4 text: why
-- -> one row when it was on
UPDATE feed SET off_at = $3::timestamptz, off_reason = $4::text
WHERE ($1::int = 0 OR agency_id = $1::int) AND feed_id = $2::bigint AND off_at IS NULL
RETURNING feed_id
