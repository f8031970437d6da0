-- Takes what is due, and what a worker had taken that is dead or too late, for a while. A worker lives as long as its session
-- holds its number (push-worker-enter). Orphans are told by the statement's snapshot, so that a row which another worker takes
-- at this very moment is not mistaken for one. To one endpoint so many rows at a time; one where it is held back by its pace, or
-- failed last time; none while it is held. An endpoint with a pace, and one whose breaker lets a trial through, is held from the
-- moment on when a row of it is taken.
-- $1 int: the worker's number; $2 timestamptz: now; $3 timestamptz: until when; $4 int: how many; $5 int: the agency, 0 for
-- every one; $6 jsonb: {endpoint: rows that this worker has on their way}; $7 int: rows on their way to one endpoint at most;
-- $8 jsonb: {channel: milliseconds between two rows to one endpoint}; $9 int: failures that open a breaker
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
), gated AS MATERIALIZED (
    SELECT endpoint_id, channel
    FROM endpoint
    WHERE (hold_until IS NULL OR hold_until <= $2::timestamptz)
      AND (failures >= $9::int OR $8::jsonb ? channel)
      AND endpoint_id IN (SELECT endpoint_id FROM outbox WHERE state IN ('due', 'leased') AND next_attempt_at <= $2::timestamptz)
    FOR UPDATE SKIP LOCKED
), ripe AS MATERIALIZED (
    SELECT o.outbox_id, o.endpoint_id, o.next_attempt_at,
           row_number() OVER (PARTITION BY o.endpoint_id ORDER BY o.next_attempt_at, o.outbox_id) AS place,
           CASE WHEN g.endpoint_id IS NOT NULL OR e.failures > 0 THEN 1 ELSE $7::int END
               - coalesce(($6::jsonb ->> o.endpoint_id::text)::int, 0) AS room
    FROM outbox o
    JOIN endpoint e ON e.endpoint_id = o.endpoint_id
    LEFT JOIN gated g ON g.endpoint_id = e.endpoint_id
    WHERE ($5::int = 0 OR o.agency_id = $5::int)
      AND (g.endpoint_id IS NOT NULL
           OR ((e.hold_until IS NULL OR e.hold_until <= $2::timestamptz) AND e.failures < $9::int AND NOT $8::jsonb ? e.channel))
      AND ((o.state = 'due' AND o.next_attempt_at <= $2::timestamptz)
           OR (o.state = 'leased' AND (o.lease_until <= $2::timestamptz
                                       OR (o.outbox_id, o.leased_by) IN (SELECT outbox_id, leased_by FROM orphan))))
), taken AS MATERIALIZED (
    SELECT outbox_id, endpoint_id
    FROM outbox
    WHERE outbox_id IN (SELECT outbox_id FROM ripe WHERE place <= room ORDER BY place, next_attempt_at, outbox_id LIMIT $4::int)
      AND ((state = 'due' AND next_attempt_at <= $2::timestamptz)
           OR (state = 'leased' AND (lease_until <= $2::timestamptz
                                     OR (outbox_id, leased_by) IN (SELECT outbox_id, leased_by FROM orphan))))
    FOR UPDATE SKIP LOCKED
), held AS (
    UPDATE endpoint
    SET hold_until = $2::timestamptz + make_interval(secs => greatest(($8::jsonb ->> gated.channel)::float8 / 1000,
                                                                      CASE WHEN endpoint.failures >= $9::int THEN 60 ELSE 0 END))
    FROM gated
    WHERE endpoint.endpoint_id = gated.endpoint_id AND gated.endpoint_id IN (SELECT endpoint_id FROM taken)
)
UPDATE outbox
SET state = 'leased', leased_by = $1::int::text, lease_until = $3::timestamptz
FROM taken
WHERE outbox.outbox_id = taken.outbox_id
RETURNING outbox.outbox_id, outbox.push_id, outbox.patent_id, outbox.agency_id, outbox.enterprise_id, outbox.endpoint_id,
          outbox.channel, outbox.body, outbox.attempts, outbox.next_attempt_at
