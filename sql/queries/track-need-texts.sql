-- The needs to compare: of enterprises that have several, one of them changed since.
-- $1 bigint: the last change that was looked at
-- -> need_id, enterprise_id, change_seq bigint, title, text text
SELECT n.need_id, n.enterprise_id, n.change_seq, n.title, n.text
FROM need n
WHERE n.enterprise_id IN (SELECT o.enterprise_id FROM need o
                          WHERE o.enterprise_id IN (SELECT c.enterprise_id FROM need c WHERE c.change_seq > $1::bigint)
                          GROUP BY o.enterprise_id HAVING count(*) > 1)
ORDER BY n.enterprise_id, n.need_id
