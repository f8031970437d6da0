-- The best of a range for a need.
-- $1 bigint: the need; $2 int: how many ranges; $3 int: which; $4 bigint: the round; $5 text: digest of the totals; $6 jsonb: the candidates
UPDATE match_share SET weighed = $5::text, candidates = $6::jsonb
WHERE need_id = $1::bigint AND parts = $2::int AND part = $3::int AND round = $4::bigint
