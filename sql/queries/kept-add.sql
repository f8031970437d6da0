-- Keeps figures, each in place of the one before.
-- $1 jsonb: [{what, metric, as_of, place, pack, figure}]; $2 int: whose, 0: every agency's; $3 text: the state in which they were counted; $4 timestamptz: now
-- -> what text, one row a figure
INSERT INTO track_kept (what, metric, agency_id, snapshot, kept_at, as_of, place, pack, figure)
SELECT g.item ->> 'what', g.item ->> 'metric', nullif($2::int, 0), $3::pg_snapshot, $4::timestamptz,
       (g.item ->> 'as_of')::date, (g.item ->> 'place')::int, g.item -> 'pack', g.item -> 'figure'
FROM jsonb_array_elements($1::jsonb) g (item)
ORDER BY 1
ON CONFLICT (what) DO UPDATE SET snapshot = excluded.snapshot, kept_at = excluded.kept_at, figure = excluded.figure
RETURNING what
