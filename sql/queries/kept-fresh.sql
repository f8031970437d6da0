-- The figures that are kept and still hold.
-- $1 text[]: which, by their digests
-- -> what text, figure jsonb
SELECT k.what, k.figure
FROM track_kept k
WHERE k.what = ANY ($1::text[])
    AND NOT EXISTS (SELECT FROM track_change c
                    WHERE c.xid >= pg_snapshot_xmin(k.snapshot) AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
                        AND change_bears(k.metric, k.agency_id, c.source, c.kind, c.agency_id, c.ids))
