-- Rows that are kept: of a moment, or the latest that still hold.
-- $1 text: what; $2 timestamptz or null: the moment
-- -> rows_id bigint, known_at text
SELECT r.rows_id, to_char(r.known_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS known_at
FROM track_rows r
WHERE r.what = $1::text AND CASE WHEN $2::timestamptz IS NULL THEN rows_hold(r) ELSE r.known_at = $2::timestamptz END
ORDER BY r.known_at DESC LIMIT 1
