-- All ranges' shares of a need.
-- $1 bigint: the need; $2 int: how many ranges; $3 bigint: the round
-- -> part int, counts jsonb, candidates jsonb
SELECT part, counts, candidates FROM match_share WHERE need_id = $1::bigint AND parts = $2::int AND round = $3::bigint ORDER BY part
