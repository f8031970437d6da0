-- Every agency.
-- -> agency_id bigint, code text, name text, invented boolean
SELECT agency_id::bigint AS agency_id, code, name, invented FROM agency ORDER BY code
