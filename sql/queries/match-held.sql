-- The ids of the patents that an agency holds, of a range.
-- $1 int: the agency; $2, $3 bigint: first and last id
-- -> patent_id bigint
SELECT h.patent_id
FROM patent_holding h
WHERE h.agency_id = $1::int AND h.superseded_at IS NULL AND h.patent_id BETWEEN $2::bigint AND $3::bigint
  AND NOT EXISTS (SELECT FROM patent p WHERE p.merged_into IS NOT NULL AND p.patent_id = h.patent_id)
