-- What waits for an endpoint that was turned off becomes a dead letter. A row in a living worker's hands is left to it.
-- $1 timestamptz: now
-- -> outbox_id, push_id, patent_id, channel, reason
UPDATE outbox o
SET state = 'dead', finished_at = $1::timestamptz, leased_by = NULL, lease_until = NULL
FROM endpoint e
WHERE e.endpoint_id = o.endpoint_id AND e.disabled_at IS NOT NULL
  AND (o.state = 'due' OR (o.state = 'leased' AND o.lease_until <= $1::timestamptz))
RETURNING o.outbox_id, o.push_id, o.patent_id, o.channel, e.disabled_reason AS reason
