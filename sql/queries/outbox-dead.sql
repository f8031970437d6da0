-- Dead letters, with their last attempt; the latest first.
-- $1 int: the agency, 0 for every one; $2 bigint[]: only these rows, or null; $3 int: how many, 0 for all
-- -> outbox_id, push_id, patent_id, agency_id, enterprise_id, channel, attempts, finished_at, agency: code, enterprise, uscc, patent_title,
--    outcome, status, error, answer: of the last attempt; channel_off: the enterprise has none in use
SELECT o.outbox_id, o.push_id, o.patent_id, o.agency_id, o.enterprise_id, o.channel, o.attempts, o.finished_at, g.code AS agency,
       e.name AS enterprise, e.uscc, p.title AS patent_title, a.outcome, a.status, a.error, a.answer,
       NOT EXISTS (SELECT FROM endpoint x WHERE x.agency_id = o.agency_id AND x.enterprise_id = o.enterprise_id AND x.channel = o.channel
                                            AND x.disabled_at IS NULL) AS channel_off
FROM outbox o
JOIN agency g ON g.agency_id = o.agency_id
JOIN enterprise e ON e.enterprise_id = o.enterprise_id
JOIN patent p ON p.patent_id = o.patent_id
LEFT JOIN attempt a ON a.outbox_id = o.outbox_id
                   AND a.number = (SELECT max(m.number) FROM attempt m WHERE m.outbox_id = o.outbox_id)
WHERE o.state = 'dead' AND ($1::int = 0 OR o.agency_id = $1::int)
  AND ($2::bigint[] IS NULL OR o.outbox_id = ANY ($2::bigint[]))
ORDER BY o.finished_at DESC, o.outbox_id
LIMIT nullif($3::int, 0)
