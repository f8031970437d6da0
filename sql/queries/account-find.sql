-- One account.
-- $1 text: name
-- -> role text, removed boolean
SELECT role, removed_at IS NOT NULL AS removed FROM account WHERE name = $1
