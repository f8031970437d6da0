-- Keeps the rows that are about to change.
-- $1 bigint[]: ids; $2 timestamptz: the moment of the change
INSERT INTO register_version (kind, record_id, recorded_at, superseded_at, record)
SELECT 'institution', institution_id, recorded_at, $2::timestamptz, to_jsonb(t)
FROM institution t
WHERE institution_id = ANY ($1::bigint[])
