-- What the ranges of an agency's patents sum to.
-- $1 int: the agency; $2 int: how many ranges
-- -> part int, totals jsonb, patent_seq bigint
SELECT part, totals, patent_seq FROM match_totals WHERE agency_id = $1::int AND parts = $2::int ORDER BY part
