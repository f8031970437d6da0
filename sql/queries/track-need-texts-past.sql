-- The needs to compare as they were known at a moment: of enterprises that have several, one of which has changed since.
-- $1 timestamptz: known at
-- -> need_id, enterprise_id, change_seq bigint, title, text text
WITH other AS MATERIALIZED ( -- whoever has a need that said something else then
    SELECT DISTINCT r.enterprise_id
    FROM fact_version v JOIN need n ON n.need_id = v.record_id
        CROSS JOIN LATERAL jsonb_populate_record(NULL::need, v.record) r
    WHERE v.kind = 'need' AND v.recorded_at <= $1::timestamptz AND v.superseded_at > $1::timestamptz AND n.change_seq <> r.change_seq
), past AS MATERIALIZED (
    SELECT p.* FROM need_at($1::timestamptz) p WHERE p.enterprise_id = ANY (ARRAY(SELECT o.enterprise_id FROM other o))
)
SELECT p.need_id, p.enterprise_id, p.change_seq, p.title, p.text
FROM past p
WHERE p.enterprise_id IN (SELECT o.enterprise_id FROM past o JOIN need n ON n.need_id = o.need_id GROUP BY o.enterprise_id
                          HAVING count(*) > 1)
ORDER BY p.enterprise_id, p.need_id
