-- Gives an account a password, in place of the one it had; its codes stay.
-- $1 text: account; $2 text: hash; $3 boolean: somebody else knows it; $4 timestamptz: now; $5 int: whose it must be, 0 for anybody's;
-- $6 text or null: the hash that it must have had
-- -> one row when there is such an account
INSERT INTO credential (account, password_hash, given, set_at)
SELECT a.name, $2, $3::boolean, $4::timestamptz FROM account a
WHERE a.name = $1 AND a.removed_at IS NULL AND ($5::int = 0 OR a.agency_id = $5::int)
ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash, given = excluded.given, set_at = excluded.set_at
WHERE $6::text IS NULL OR credential.password_hash = $6::text
RETURNING account
