-- The delivery log, newest first.
-- $1 int: the agency, 0 for every one; $2 timestamptz: since then, or null; $3 text: an enterprise's credit code, or null; $4 int: how
-- many at most
-- -> outbox_id, push_id, uscc, channel, number, started_at, ended_at, outcome, status, request, answer, error
SELECT o.outbox_id, o.push_id, e.uscc, o.channel, a.number, a.started_at, a.ended_at, a.outcome, a.status, a.request, a.answer, a.error
FROM attempt a
JOIN outbox o ON o.outbox_id = a.outbox_id
JOIN enterprise e ON e.enterprise_id = o.enterprise_id
WHERE ($1::int = 0 OR o.agency_id = $1::int) AND ($2::timestamptz IS NULL OR a.started_at >= $2::timestamptz)
  AND ($3::text IS NULL OR e.uscc = $3::text)
ORDER BY a.started_at DESC, o.outbox_id DESC, a.number DESC
LIMIT $4::int
