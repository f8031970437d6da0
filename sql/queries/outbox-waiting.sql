-- What remains to be sent.
-- $1 int: the agency, 0 for every one
-- -> waiting (due later, or in somebody's hands), dead, next_attempt_at of the first
SELECT count(*) FILTER (WHERE state IN ('due', 'leased')) AS waiting, count(*) FILTER (WHERE state = 'dead') AS dead,
       min(next_attempt_at) FILTER (WHERE state = 'due')::text AS next_attempt_at
FROM outbox
WHERE $1::int = 0 OR agency_id = $1::int
