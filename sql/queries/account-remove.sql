-- Ends an account; what it did stays.
-- $1 text: name; $2 timestamptz: now
-- -> one row when there was one
UPDATE account SET removed_at = $2::timestamptz WHERE name = $1 AND removed_at IS NULL RETURNING name
