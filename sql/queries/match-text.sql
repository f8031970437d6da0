-- The texts of one patent that an agency holds.
-- $1 int: the agency; $2 bigint: the patent
-- -> title, abstract
SELECT p.title, p.abstract
FROM patent_holding h
JOIN patent p ON p.patent_id = h.patent_id
WHERE h.agency_id = $1::int AND h.patent_id = $2::bigint AND h.superseded_at IS NULL AND p.merged_into IS NULL
