-- Forgets what is over: attempts after a day, sessions and links 90 days after their end.
-- $1 timestamptz: now
-- -> bigint: how many rows
WITH attempt AS (DELETE FROM signin_attempt WHERE last_at < $1::timestamptz - interval '1 day' RETURNING 1),
     session AS (DELETE FROM session WHERE ends_at < $1::timestamptz - interval '90 days' RETURNING 1),
     link AS (DELETE FROM signin_link WHERE ends_at < $1::timestamptz - interval '90 days' RETURNING 1)
SELECT (SELECT count(*) FROM attempt) + (SELECT count(*) FROM session) + (SELECT count(*) FROM link)
