-- A new secret for an endpoint in use; the one so far signs beside it for a while.
-- $1 int: agency; $2 bigint: enterprise; $3 text: channel; $4 bytea: sealed secret; $5 timestamptz: until when the old one signs
-- -> bigint: its id
UPDATE endpoint
SET secret_sealed = $4::bytea, old_secret_sealed = secret_sealed, old_secret_until = $5::timestamptz
WHERE agency_id = $1::int AND enterprise_id = $2::bigint AND channel = $3::text AND disabled_at IS NULL
RETURNING endpoint_id
