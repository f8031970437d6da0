-- That an enterprise looked a patent up, the first time it does.
-- $1 bigint: the patent; $2 int: the agency; $3 bigint: the enterprise; $4 text: by whom; $5 timestamptz: now
-- -> one row when it is news
INSERT INTO patent_lookup (patent_id, agency_id, enterprise_id, looked_by, at, invented)
SELECT p.patent_id, $2::int, e.enterprise_id, $4, $5::timestamptz, p.invented OR e.invented
FROM patent p CROSS JOIN enterprise e
WHERE p.patent_id = $1::bigint AND e.enterprise_id = $3::bigint
ON CONFLICT DO NOTHING
RETURNING patent_id
