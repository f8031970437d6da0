-- A page of a snapshot's lines, as a range of numbers: while they are being written the server may think that there are none, and a plan for
-- that would sort all that are left for each page.
-- $1 bigint: the snapshot; $2 bigint: after this line; $3 int: so many numbers
-- -> line text (its number), body, chain text
SELECT n::text AS line, body, chain FROM snapshot_line
WHERE snapshot_id = $1::bigint AND n > $2::bigint AND n <= $2::bigint + $3::int ORDER BY n
