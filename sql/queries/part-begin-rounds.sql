-- Needs are weighed once more: those of another text or model than before, and those that are named.
-- $1 int: the agency; $2 int: how many ranges; $3 jsonb: [{need_id (string), need_seq, again boolean}]; $4 text: model; $5 int: leads a need
-- -> need_id bigint, one row each
INSERT INTO match_round AS r (need_id, agency_id, parts, round, need_seq, model, k)
SELECT n.need_id, $1::int, $2::int, 1, n.need_seq, $4::text, $5::int
FROM jsonb_to_recordset($3::jsonb) AS n (need_id bigint, need_seq bigint, again boolean)
ON CONFLICT (need_id, parts) DO UPDATE SET round = r.round + 1, need_seq = excluded.need_seq, model = excluded.model, k = excluded.k
WHERE (r.need_seq, r.model, r.k) IS DISTINCT FROM (excluded.need_seq, excluded.model, excluded.k)
   OR excluded.need_id IN (SELECT a.need_id FROM jsonb_to_recordset($3::jsonb) AS a (need_id bigint, again boolean) WHERE a.again)
RETURNING need_id
