-- Begins a request under an idempotency key, unless one was begun under it within the day.
-- $1 text: key; $2 text: idempotency key; $3 text: digest of the request; $4 timestamptz: now; $5 timestamptz: a day ago;
-- $6 timestamptz: what was begun before this and has no answer was given up
-- -> one row when it is begun now
INSERT INTO api_answer (key_id, idempotency_key, request_digest, begun_at)
VALUES ($1, $2, $3, $4::timestamptz)
ON CONFLICT (key_id, idempotency_key) DO UPDATE
SET request_digest = excluded.request_digest, begun_at = excluded.begun_at, status = NULL, type = NULL, etag = NULL, body = NULL
WHERE api_answer.begun_at <= $5::timestamptz
   OR (api_answer.status IS NULL AND api_answer.begun_at <= $6::timestamptz AND api_answer.request_digest = excluded.request_digest)
RETURNING key_id
