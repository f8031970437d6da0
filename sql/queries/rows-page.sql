-- A page of kept rows.
-- $1 bigint: the set; $2 text: the key of the last row that was read before, '' for the first page; $3 boolean or null: only those
-- that count, or that don't; $4 int: how many at most
-- -> body jsonb
SELECT r.body FROM track_row r
WHERE r.rows_id = $1::bigint AND r.key > $2::text AND ($3::boolean IS NULL OR r.counted = $3::boolean)
ORDER BY r.rows_id, r.key LIMIT $4::int
