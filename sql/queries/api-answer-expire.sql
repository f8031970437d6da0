-- Forgets answers of more than a day ago.
-- $1 timestamptz: a day ago
-- -> one row each
DELETE FROM api_answer WHERE begun_at <= $1::timestamptz RETURNING key_id
