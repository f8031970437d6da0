-- Names of enterprises that these, or that name these, as affiliated.
-- $1 bigint[]: enterprises
-- -> enterprise_id, name, uscc of each affiliate
SELECT e.enterprise_id, o.name, o.uscc
FROM enterprise e
JOIN enterprise o ON o.enterprise_id <> e.enterprise_id
                 AND (o.uscc = ANY (e.affiliates) OR o.name = ANY (e.affiliates)
                      OR e.uscc = ANY (o.affiliates) OR e.name = ANY (o.affiliates))
WHERE e.enterprise_id = ANY ($1::bigint[])
