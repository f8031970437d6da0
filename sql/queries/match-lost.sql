-- The ids of a range that an agency held once and holds no longer, and of patents that were found to be others: as a rule few, where all that
-- it holds may be millions.
-- $1 int: the agency; $2, $3 bigint: first and last id
-- -> patent_id bigint
SELECT past.patent_id
FROM patent_holding past
WHERE past.agency_id = $1::int AND past.superseded_at IS NOT NULL AND past.patent_id BETWEEN $2::bigint AND $3::bigint
  AND NOT EXISTS (SELECT FROM patent_holding h
                  WHERE h.patent_id = past.patent_id AND h.agency_id = past.agency_id AND h.superseded_at IS NULL)
UNION
SELECT patent_id FROM patent WHERE merged_into IS NOT NULL AND patent_id BETWEEN $2::bigint AND $3::bigint
