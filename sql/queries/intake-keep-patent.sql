-- Keeps the rows that are about to change.
-- $1 bigint[]: ids; $2 timestamptz: the moment of the change
INSERT INTO patent_version (patent_id, recorded_at, superseded_at, record)
SELECT patent_id, recorded_at, $2::timestamptz, to_jsonb(p)
FROM patent p
WHERE patent_id = ANY ($1::bigint[])
