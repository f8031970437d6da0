-- What came of a run.
-- $1 text: the step; $2 bigint: the leader's number; $3 timestamptz: now; $4 bigint: how long it took, ms; $5 text or null: why it
-- failed; $6 jsonb: what it measured, beside what earlier runs did
-- -> one row when it still leads
UPDATE step SET runs = runs + 1, last_took_ms = $4::bigint, gauges = gauges || $6::jsonb,
       failures = failures + ($5::text IS NOT NULL)::int,
       last_success = CASE WHEN $5::text IS NULL THEN $3::timestamptz ELSE last_success END,
       last_failure = CASE WHEN $5::text IS NULL THEN last_failure ELSE $3::timestamptz END,
       last_error = $5::text
WHERE name = $1 AND fence = $2::bigint
RETURNING name
