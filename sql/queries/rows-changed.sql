-- How many rows differ between two kept sets of rows.
-- $1 bigint: the set before; $2 bigint: the set after
-- -> came, went int: counted only after, only before
SELECT count(*) FILTER (WHERE coalesce(a.counted, false))::int AS came, count(*) FILTER (WHERE coalesce(b.counted, false))::int AS went
FROM (SELECT r.key, r.counted FROM track_row r WHERE r.rows_id = $1::bigint) b
    FULL JOIN (SELECT r.key, r.counted FROM track_row r WHERE r.rows_id = $2::bigint) a ON a.key = b.key
WHERE coalesce(a.counted, false) <> coalesce(b.counted, false)
