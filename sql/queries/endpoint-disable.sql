-- Turns one endpoint off.
-- $1 bigint: its id; $2 timestamptz: now; $3 text: why
-- -> one row when it was on
UPDATE endpoint SET disabled_at = $2::timestamptz, disabled_reason = $3::text
WHERE endpoint_id = $1::bigint AND disabled_at IS NULL
RETURNING endpoint_id
