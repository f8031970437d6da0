-- A page of a snapshot's lines.
-- $1 bigint: the snapshot; $2 bigint: after this line; $3 int: at most so many
-- -> line text (its number), body, chain text
SELECT n::text AS line, body, chain FROM snapshot_line
WHERE snapshot_id = $1::bigint AND n > $2::bigint ORDER BY n LIMIT $3::int
