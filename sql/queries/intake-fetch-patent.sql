-- Patents by id.
-- $1 bigint[]: ids; $2 bigint, $3 timestamptz: a load of this very file that has ended, and when it began (or null).
-- settled: nothing but that load has changed it since then
-- -> patent_id bigint, record jsonb, settled bool
SELECT patent_id, to_jsonb(p) AS record, coalesce(batch_id = $2::bigint OR recorded_at < $3::timestamptz, false) AS settled
FROM patent p
WHERE patent_id = ANY ($1::bigint[])
