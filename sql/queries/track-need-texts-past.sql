-- The needs to compare as they were known at a moment: of enterprises that have several, one of which has changed since.
-- $1 timestamptz: known at
-- -> need_id, enterprise_id, change_seq bigint, title, text text
WITH past AS MATERIALIZED (SELECT * FROM need_at($1::timestamptz))
SELECT p.need_id, p.enterprise_id, p.change_seq, p.title, p.text
FROM past p
WHERE p.enterprise_id IN (SELECT o.enterprise_id FROM past o JOIN need n ON n.need_id = o.need_id GROUP BY o.enterprise_id
                          HAVING count(*) > 1 AND bool_or(n.change_seq <> o.change_seq))
ORDER BY p.enterprise_id, p.need_id
