-- Which contracts each clause counts.
-- $1 jsonb: [{place, metric, pack, day}], one metric a clause; $2 timestamptz: known at; $3 int: the agency, 0 for all
-- -> place, agency_id int, contract text
SELECT c.place, c.agency_id, c.contract
FROM contract_counted($1::jsonb, $2::timestamptz, nullif($3::int, 0)) c
ORDER BY c.place, c.agency_id, c.contract
