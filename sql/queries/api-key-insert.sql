-- Adds a key.
-- $1 text: its public part; $2 text: name; $3 text: digest of the secret part; $4 text: role; $5 text: account, '' for none;
-- $6 int: agency, 0 for none; $7 bigint: enterprise, 0 for none; $8 int: requests a minute; $9 timestamptz: now;
-- $10 timestamptz or null: expires; $11 boolean: made up
-- -> key_id
INSERT INTO api_key (key_id, name, secret_digest, role, account, agency_id, enterprise_id, rate_per_minute, created_at, expires_at, invented)
VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6::int, 0), nullif($7::bigint, 0), $8::int, $9::timestamptz, $10::timestamptz, $11::boolean)
RETURNING key_id
