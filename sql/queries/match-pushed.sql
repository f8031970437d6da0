-- What an agency has sent to whom.
-- $1 int: the agency
-- -> patent_id bigint, enterprise_id bigint
SELECT patent_id, enterprise_id FROM push WHERE agency_id = $1::int
