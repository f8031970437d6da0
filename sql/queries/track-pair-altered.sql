-- A pair of needs that is kept and is not what the texts say. A pair that is not kept yet is no matter: comparing adds it.
-- $1 jsonb: [[need, other, need_seq, other_seq, jaccard]] as compared now, all of them
-- -> need, other text, one row or none
SELECT p.need_id::text AS need, p.other_id::text AS other
FROM need_pair p JOIN need a ON a.need_id = p.need_id AND a.change_seq = p.need_seq
    JOIN need b ON b.need_id = p.other_id AND b.change_seq = p.other_seq
    LEFT JOIN jsonb_array_elements($1::jsonb) g (item)
        ON (g.item ->> 0)::bigint = p.need_id AND (g.item ->> 1)::bigint = p.other_id
WHERE g.item IS NULL OR abs((g.item ->> 4)::float8 - p.jaccard) > 1e-9
ORDER BY p.need_id, p.other_id LIMIT 1
