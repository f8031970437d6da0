-- A kept figure that holds and is not what counting gives.
-- -> metric text, agency_id int, one row or none
SELECT k.metric, k.agency_id
FROM track_kept k
WHERE kept_holds(k)
    AND (SELECT jsonb_agg(g.item ORDER BY g.item) FROM jsonb_array_elements(k.figure) g (item))
        IS DISTINCT FROM (SELECT jsonb_agg(c.item ORDER BY c.item) FROM kept_counted(k, clock_timestamp()) c (item))
ORDER BY k.metric, k.agency_id, k.what LIMIT 1
