-- Notes that a session was used.
-- $1 text: its public part; $2 timestamptz: now
-- -> one row
UPDATE session SET used_at = $2::timestamptz WHERE session_id = $1 AND used_at < $2::timestamptz RETURNING session_id
