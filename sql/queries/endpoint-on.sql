-- Turns on what an enterprise had last for a channel, where none is in use.
-- $1 int: agency; $2 bigint: enterprise; $3 text: channel
-- -> one row when it was turned on
UPDATE endpoint p SET disabled_at = NULL, disabled_reason = NULL, failures = 0, hold_until = NULL
WHERE p.endpoint_id = (SELECT max(x.endpoint_id) FROM endpoint x
                       WHERE x.agency_id = $1::int AND x.enterprise_id = $2::bigint AND x.channel = $3::text)
  AND p.disabled_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM endpoint u WHERE u.agency_id = $1::int AND u.enterprise_id = $2::bigint AND u.channel = $3::text
                                           AND u.disabled_at IS NULL)
RETURNING p.endpoint_id
