-- The line behind a gap in the numbers of a snapshot's lines, which are without one unless somebody took lines away.
-- $1 bigint: the snapshot; $2 bigint: after this line
-- -> n bigint; no row: there is none
SELECT n FROM snapshot_line WHERE snapshot_id = $1::bigint AND n > $2::bigint ORDER BY n LIMIT 1
