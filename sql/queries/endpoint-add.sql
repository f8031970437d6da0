-- An endpoint; one in use for the same enterprise and channel gets the new address and secret, and what waits for it follows.
-- $1 int: agency; $2 bigint: enterprise; $3 text: channel; $4 text: address; $5 bytea: sealed secret; $6 timestamptz: now
-- -> bigint: its id
INSERT INTO endpoint (endpoint_id, agency_id, enterprise_id, channel, url, secret_sealed, created_at)
VALUES (nextval('record_id'), $1::int, $2::bigint, $3::text, $4::text, $5::bytea, $6::timestamptz)
ON CONFLICT (agency_id, enterprise_id, channel) WHERE disabled_at IS NULL
DO UPDATE SET url = excluded.url, secret_sealed = excluded.secret_sealed, old_secret_sealed = NULL, old_secret_until = NULL,
              failures = 0, hold_until = NULL
RETURNING endpoint_id
