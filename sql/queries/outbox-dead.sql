-- Dead letters, with their last attempt.
-- $1 int: the agency, 0 for every one; $2 bigint[]: only these rows, or null
-- -> outbox_id, push_id, agency_id, enterprise_id, channel, attempts, finished_at, status, error
SELECT o.outbox_id, o.push_id, o.patent_id, o.agency_id, o.enterprise_id, o.channel, o.attempts, o.finished_at,
       a.status, a.error
FROM outbox o
LEFT JOIN attempt a ON a.outbox_id = o.outbox_id
                   AND a.number = (SELECT max(m.number) FROM attempt m WHERE m.outbox_id = o.outbox_id)
WHERE o.state = 'dead' AND ($1::int = 0 OR o.agency_id = $1::int)
  AND ($2::bigint[] IS NULL OR o.outbox_id = ANY ($2::bigint[]))
ORDER BY o.outbox_id
