-- Forgets what was begun and could not be done: it may be tried again.
-- $1 text: key; $2 text: idempotency key
-- -> one row
DELETE FROM api_answer WHERE key_id = $1 AND idempotency_key = $2 AND status IS NULL RETURNING key_id
