-- The figures that are kept and still hold.
-- $1 text[]: which, by their digests
-- -> what text, figure jsonb
SELECT k.what, k.figure FROM track_kept k WHERE k.what = ANY ($1::text[]) AND kept_holds(k)
