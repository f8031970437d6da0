-- Keeps the secret of one-time codes, or none.
-- $1 text: account; $2 bytea or null: sealed; $3 timestamptz or null: asked for since; $4 int: whose it must be, 0 for anybody's
-- -> one row when the account has a password
UPDATE credential c SET totp_sealed = $2::bytea, totp_since = $3::timestamptz, totp_step = 0
FROM account a
WHERE c.account = $1 AND a.name = c.account AND a.removed_at IS NULL AND ($4::int = 0 OR a.agency_id = $4::int)
RETURNING c.account
