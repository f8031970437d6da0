-- Forgets changes of more than a day ago that every kept figure has seen. A day: a figure may be on its way that was begun before.
-- $1 timestamptz: now
-- -> source text, one row a change
DELETE FROM track_change c
WHERE c.noted_at < $1::timestamptz - interval '1 day'
    AND NOT EXISTS (SELECT FROM track_kept k WHERE NOT pg_visible_in_snapshot(c.xid, k.snapshot))
RETURNING c.source
