-- What still waits for an enterprise that said stop is not sent any more.
-- $1 int: the agency; $2 bigint: the enterprise; $3 timestamptz: now
-- -> one row a row
UPDATE outbox
SET state = 'dead', finished_at = $3::timestamptz
WHERE agency_id = $1::int AND enterprise_id = $2::bigint AND state = 'due'
RETURNING outbox_id
