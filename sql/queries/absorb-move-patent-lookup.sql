-- The patent_lookup rows of a merged patent follow it; where an enterprise looked both up, the first time stays.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO patent_lookup AS k (patent_id, agency_id, enterprise_id, looked_by, at, invented)
SELECT $1::bigint, agency_id, enterprise_id, looked_by, at, invented
FROM patent_lookup WHERE patent_id = $2::bigint
ON CONFLICT (patent_id, agency_id, enterprise_id) DO UPDATE
SET looked_by = excluded.looked_by, at = excluded.at, invented = excluded.invented
WHERE excluded.at < k.at
