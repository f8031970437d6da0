-- Notes that keys were used, to the minute: a key in steady use is written once a minute.
-- $1 jsonb: [key_id]; $2 timestamptz: now
-- -> one row a key that was written
UPDATE api_key SET last_used_at = $2::timestamptz
WHERE key_id IN (SELECT k.key_id FROM jsonb_array_elements_text($1::jsonb) k (key_id))
  AND (last_used_at IS NULL OR last_used_at < date_trunc('minute', $2::timestamptz))
RETURNING key_id
