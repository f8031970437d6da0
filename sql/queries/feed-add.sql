-- A feed; one in use of the same address and kind gets the new options, and is looked at at once.
-- $1 int: agency; $2 text: kind; $3 text: address; $4 jsonb: options; $5 int: seconds between two looks; $6 timestamptz: now
-- -> bigint: its id
INSERT INTO feed (feed_id, agency_id, kind, address, options, every_s, created_at, next_at)
VALUES (nextval('record_id'), $1::int, $2::text, $3::text, $4::jsonb, $5::int, $6::timestamptz, $6::timestamptz)
ON CONFLICT (agency_id, kind, address) WHERE off_at IS NULL
DO UPDATE SET options = excluded.options, every_s = excluded.every_s, next_at = excluded.next_at, etag = NULL,
    last_modified = NULL, page = NULL, failures = 0
RETURNING feed_id
