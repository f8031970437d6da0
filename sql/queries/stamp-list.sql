-- The time-stamps of snapshots, with what they are of.
-- -> number, authority, answer, digest text
SELECT t.snapshot_id::text AS number, t.authority, t.answer, s.digest
FROM snapshot_stamp t LEFT JOIN snapshot s ON s.snapshot_id = t.snapshot_id
ORDER BY t.snapshot_id, t.stamped_at
