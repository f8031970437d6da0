-- Turns off what an enterprise has for a channel.
-- $1 int: agency; $2 bigint: enterprise; $3 text: channel; $4 timestamptz: now
-- -> one row an endpoint
UPDATE endpoint SET disabled_at = $4::timestamptz, disabled_reason = 'removed'
WHERE agency_id = $1::int AND enterprise_id = $2::bigint AND channel = $3::text AND disabled_at IS NULL
RETURNING endpoint_id
