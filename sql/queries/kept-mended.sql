-- A kept figure that no longer holds, brought up to date where that can be done without counting all of it.
-- $1 text: what; $2 timestamptz: known at
-- -> figure jsonb, one row or none; null: it has to be counted
SELECT kept_mended(k, $2::timestamptz) AS figure FROM track_kept k WHERE k.what = $1::text
