-- The delivery log, newest first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 timestamptz: since then, or null; $3 text: an enterprise's credit code, or null; $4 uuid: a
-- push, or null; $5 timestamptz, $6 bigint, $7 int: start, letter and number of the last one seen, or nulls; $8 int: how many at most
-- -> outbox_id, push_id, agency, uscc, channel, number, started_at, ended_at, outcome, status, request, answer, error
SELECT o.outbox_id, o.push_id, g.code AS agency, e.uscc, o.channel, a.number, a.started_at, a.ended_at, a.outcome, a.status, a.request,
       a.answer, a.error
FROM attempt a
JOIN outbox o ON o.outbox_id = a.outbox_id
JOIN enterprise e ON e.enterprise_id = o.enterprise_id
JOIN agency g ON g.agency_id = o.agency_id
WHERE ($1::int = 0 OR o.agency_id = $1::int) AND ($2::timestamptz IS NULL OR a.started_at >= $2::timestamptz)
  AND ($3::text IS NULL OR e.uscc = $3::text) AND ($4::uuid IS NULL OR o.push_id = $4::uuid)
  AND ($5::timestamptz IS NULL OR (a.started_at, a.outbox_id, a.number) < ($5::timestamptz, $6::bigint, $7::int))
ORDER BY a.started_at DESC, a.outbox_id DESC, a.number DESC
LIMIT $8::int
