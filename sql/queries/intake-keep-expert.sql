-- Keeps the rows that are about to change.
-- $1 bigint[]: ids; $2 timestamptz: the moment of the change
INSERT INTO register_version (kind, record_id, recorded_at, superseded_at, record)
SELECT 'expert', expert_id, recorded_at, $2::timestamptz, to_jsonb(t)
FROM expert t
WHERE expert_id = ANY ($1::bigint[])
