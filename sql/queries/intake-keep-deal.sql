-- Keeps the rows that are about to change.
-- $1 bigint[]: ids; $2 timestamptz: the moment of the change
INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, superseded_at, record)
SELECT 'deal', deal_id, agency_id, recorded_at, $2::timestamptz, to_jsonb(t)
FROM deal t
WHERE deal_id = ANY ($1::bigint[])
