-- When the next row that is due may go to an endpoint that is held for a short while.
-- $1 int: the agency, 0 for every one; $2 timestamptz: now; $3 timestamptz: at the latest
-- -> milliseconds from now bigint, -1: none
SELECT coalesce(ceil(extract(epoch FROM min(e.hold_until) - $2::timestamptz) * 1000)::bigint, -1)
FROM endpoint e
WHERE e.hold_until > $2::timestamptz AND e.hold_until <= $3::timestamptz AND e.disabled_at IS NULL
  AND EXISTS (SELECT FROM outbox o WHERE o.endpoint_id = e.endpoint_id AND o.state = 'due' AND o.next_attempt_at <= $2::timestamptz
                                     AND ($1::int = 0 OR o.agency_id = $1::int))
