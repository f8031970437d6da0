-- How long the next attempt has to wait.
-- $1 jsonb: [{scope, subject}]; $2 timestamptz: now
-- -> bigint: seconds, 0 for not at all
SELECT coalesce(max(ceil(extract(epoch FROM t.until - $2::timestamptz))), 0)::bigint
FROM signin_attempt t JOIN jsonb_to_recordset($1::jsonb) w (scope text, subject text) USING (scope, subject)
WHERE t.until > $2::timestamptz
