-- Keeps an answer.
-- $1 text: key; $2 text: idempotency key; $3 int: status; $4 text: type; $5 text or null: etag; $6 text: body
-- -> one row
UPDATE api_answer SET status = $3::int, type = $4, etag = $5, body = $6 WHERE key_id = $1 AND idempotency_key = $2
RETURNING key_id
