-- Takes a code, once: of this step, and of none before.
-- $1 text: account; $2 bigint: the code's step; $3 timestamptz or null: and confirms the secret by it
-- -> one row when it is taken
UPDATE credential SET totp_step = $2::bigint, totp_since = coalesce(totp_since, $3::timestamptz)
WHERE account = $1 AND totp_sealed IS NOT NULL AND totp_step < $2::bigint
RETURNING account
