-- The same password under newer parameters.
-- $1 text: account; $2 text: the hash it has; $3 text: the new one
-- -> one row
UPDATE credential SET password_hash = $3 WHERE account = $1 AND password_hash = $2 RETURNING account
