-- Keeps pairs of needs that are alike; one that stands as it is is left alone.
-- $1 jsonb: [[need, other, need_seq, other_seq, jaccard]], need < other
-- -> one row a row written
INSERT INTO need_pair (need_id, other_id, need_seq, other_seq, jaccard)
SELECT (g.item ->> 0)::bigint, (g.item ->> 1)::bigint, (g.item ->> 2)::bigint, (g.item ->> 3)::bigint,
       (g.item ->> 4)::double precision
FROM jsonb_array_elements($1::jsonb) g (item)
ON CONFLICT (need_id, other_id) DO UPDATE
    SET need_seq = excluded.need_seq, other_seq = excluded.other_seq, jaccard = excluded.jaccard
    WHERE (need_pair.need_seq, need_pair.other_seq) IS DISTINCT FROM (excluded.need_seq, excluded.other_seq)
RETURNING need_id
