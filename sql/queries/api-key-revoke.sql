-- Ends a key.
-- $1 text: its public part; $2 timestamptz: now
-- -> one row when there is such a key
UPDATE api_key SET revoked_at = coalesce(revoked_at, $2::timestamptz) WHERE key_id = $1 RETURNING key_id
