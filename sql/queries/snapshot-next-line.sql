-- The line behind a gap in the numbers of a snapshot's lines, which are without one unless somebody took lines away.
-- $1 bigint: the snapshot; $2 bigint: after this line
-- -> n bigint; null: there is none
SELECT least((SELECT min(b.n) FROM snapshot_block b WHERE b.snapshot_id = $1::bigint AND b.n > $2::bigint),
             (SELECT min(l.n) FROM snapshot_line l WHERE l.snapshot_id = $1::bigint AND l.n > $2::bigint)) AS n
