-- Says what a range sums to.
-- $1 int: the agency; $2 int: how many ranges; $3 int: which; $4 jsonb: totals; $5 bigint: patent_seq
-- -> one row where that is new
INSERT INTO match_totals AS t (agency_id, parts, part, totals, patent_seq)
VALUES ($1::int, $2::int, $3::int, $4::jsonb, $5::bigint)
ON CONFLICT (agency_id, parts, part) DO UPDATE SET totals = excluded.totals, patent_seq = excluded.patent_seq
WHERE (t.totals, t.patent_seq) IS DISTINCT FROM (excluded.totals, excluded.patent_seq)
RETURNING part
