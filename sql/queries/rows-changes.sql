-- A page of what differs between two kept sets of rows: counted in one and not in the other.
-- $1 bigint: the set before; $2 bigint: the set after; $3 text: the key of the last row that was read before, '' for the first page;
-- $4 int: how many at most
-- -> key, change text (came, went), before, after jsonb or null: the row in that set
WITH changed AS (
    SELECT coalesce(a.key, b.key) AS key, coalesce(a.counted, false) AS came
    FROM (SELECT r.key, r.counted FROM track_row r WHERE r.rows_id = $1::bigint AND r.key > $3::text) b
        FULL JOIN (SELECT r.key, r.counted FROM track_row r WHERE r.rows_id = $2::bigint AND r.key > $3::text) a ON a.key = b.key
    WHERE coalesce(a.counted, false) <> coalesce(b.counted, false)
    ORDER BY 1 LIMIT $4::int
)
SELECT c.key, CASE WHEN c.came THEN 'came' ELSE 'went' END AS change, b.body AS before, a.body AS after
FROM changed c LEFT JOIN track_row b ON b.rows_id = $1::bigint AND b.key = c.key
    LEFT JOIN track_row a ON a.rows_id = $2::bigint AND a.key = c.key
ORDER BY c.key
