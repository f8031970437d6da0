-- Gives a row back untried, for later.
-- $1 bigint: the row; $2 timestamptz: when; $3 int: the worker that holds it
-- -> one row when it held it
UPDATE outbox
SET state = 'due', next_attempt_at = $2::timestamptz, leased_by = NULL, lease_until = NULL
WHERE outbox_id = $1::bigint AND state = 'leased' AND leased_by = $3::int::text
RETURNING outbox_id
