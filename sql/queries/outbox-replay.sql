-- Puts a dead letter, or one that arrived, back, to the endpoint that its enterprise has now; the schedule starts anew.
-- $1 bigint: the row; $2 timestamptz: when to try it
-- -> one row when it was put back
UPDATE outbox o
SET state = 'due', attempts = 0, next_attempt_at = $2::timestamptz, finished_at = NULL, endpoint_id = e.endpoint_id
FROM endpoint e
WHERE o.outbox_id = $1::bigint AND o.state IN ('dead', 'done')
  AND e.agency_id = o.agency_id AND e.enterprise_id = o.enterprise_id AND e.channel = o.channel AND e.disabled_at IS NULL
RETURNING o.outbox_id
