-- Notes that keys were used.
-- $1 jsonb: [key_id]; $2 timestamptz: now
-- -> one row a key
UPDATE api_key SET last_used_at = $2::timestamptz
WHERE key_id IN (SELECT k.key_id FROM jsonb_array_elements_text($1::jsonb) k (key_id))
RETURNING key_id
