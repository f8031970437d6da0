-- Keeps the rows that are about to change.
-- $1 bigint[]: ids; $2 timestamptz: the moment of the change
INSERT INTO register_version (kind, record_id, recorded_at, superseded_at, record)
SELECT 'agency', agency_id, recorded_at, $2::timestamptz, to_jsonb(t)
FROM agency t
WHERE agency_id = ANY ($1::bigint[])
