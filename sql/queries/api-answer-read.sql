-- What was begun under an idempotency key.
-- $1 text: key; $2 text: idempotency key
-- -> request_digest, status (null: being worked on), type, etag, body
SELECT request_digest, status, type, etag, body FROM api_answer WHERE key_id = $1 AND idempotency_key = $2
