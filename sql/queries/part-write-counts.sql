-- A range's counts of needs' terms, for a round; its best are to be found anew.
-- $1 int: the agency; $2 int: how many ranges; $3 int: which; $4 jsonb: [{need_id (string), round, counts}]
INSERT INTO match_share (need_id, agency_id, parts, part, round, counts)
SELECT need_id, $1::int, $2::int, $3::int, round, counts
FROM jsonb_to_recordset($4::jsonb) AS n (need_id bigint, round bigint, counts jsonb)
ON CONFLICT (need_id, parts, part) DO UPDATE SET
    round = excluded.round, counts = excluded.counts, weighed = NULL, candidates = NULL
