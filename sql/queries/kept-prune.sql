-- Forgets figures that nobody has counted for two days.
-- $1 timestamptz: now
-- -> what text, one row a figure
DELETE FROM track_kept k WHERE k.kept_at < $1::timestamptz - interval '2 days' RETURNING k.what
