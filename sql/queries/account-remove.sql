-- Ends an account; what it did stays.
-- $1 text: name; $2 timestamptz: now; $3 int: whose it must be, 0 for anybody's
-- -> one row when there was one
UPDATE account SET removed_at = $2::timestamptz WHERE name = $1 AND removed_at IS NULL AND ($3::int = 0 OR agency_id = $3::int) RETURNING name
