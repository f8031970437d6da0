-- A page of a snapshot's lines, as a range of numbers: while they are being written the server may think that there are none, and a plan for
-- that would sort all that are left for each page.
-- $1 bigint: the snapshot; $2 bigint: after this line; $3 int: what begins within so many numbers
-- -> n bigint: the number of the first line, lines text: "CHAIN BODY LF" of one or more
SELECT p.n, p.lines FROM (
    SELECT b.n, b.lines FROM snapshot_block b
    WHERE b.snapshot_id = $1::bigint AND b.n > $2::bigint AND b.n <= $2::bigint + $3::int
    UNION ALL -- of snapshots that were taken before there were blocks
    SELECT l.n, l.chain || ' ' || l.body || E'\n' FROM snapshot_line l
    WHERE l.snapshot_id = $1::bigint AND l.n > $2::bigint AND l.n <= $2::bigint + $3::int) p
ORDER BY p.n
