-- The figures that are kept and still hold, and whether it is ten minutes since they were counted or found to hold.
-- $1 text[]: which, by their digests
-- -> what text, figure jsonb, old boolean
SELECT k.what, k.figure, k.kept_at < clock_timestamp() - interval '10 minutes' AS old
FROM track_kept k
WHERE k.what = ANY ($1::text[]) AND kept_holds(k)
