-- Takes what is due, and what a worker had taken that is dead or too late, for a while. A worker lives as long as its session
-- holds its number (push-worker-enter). Orphans are told by the statement's snapshot, so that a row which another worker takes
-- at this very moment is not mistaken for one.
-- $1 int: the worker's number; $2 timestamptz: now; $3 timestamptz: until when; $4 int: how many; $5 int: the agency, 0 for
-- every one
-- -> outbox_id, push_id, patent_id, agency_id, enterprise_id, endpoint_id, channel, body, attempts, next_attempt_at
WITH living AS MATERIALIZED (
    SELECT objid::bigint::text AS worker
    FROM pg_locks
    WHERE locktype = 'advisory' AND classid = (hashtext('patbridge.worker')::bigint & 4294967295)::oid AND objsubid = 2
      AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), orphan AS MATERIALIZED (
    SELECT outbox_id, leased_by
    FROM outbox
    WHERE state = 'leased' AND leased_by NOT IN (SELECT worker FROM living)
), ripe AS (
    SELECT outbox_id
    FROM outbox
    WHERE ($5::int = 0 OR agency_id = $5::int)
      AND ((state = 'due' AND next_attempt_at <= $2::timestamptz)
           OR (state = 'leased' AND (lease_until <= $2::timestamptz
                                     OR (outbox_id, leased_by) IN (SELECT outbox_id, leased_by FROM orphan))))
    ORDER BY next_attempt_at, outbox_id
    LIMIT $4::int
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox
SET state = 'leased', leased_by = $1::int::text, lease_until = $3::timestamptz
FROM ripe
WHERE outbox.outbox_id = ripe.outbox_id
RETURNING outbox.outbox_id, outbox.push_id, outbox.patent_id, outbox.agency_id, outbox.enterprise_id, outbox.endpoint_id,
          outbox.channel, outbox.body, outbox.attempts, outbox.next_attempt_at
