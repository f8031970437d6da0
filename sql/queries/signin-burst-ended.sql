-- Takes away one burst that is over: ten minutes without a failure, or an hour since it began.
-- $1 timestamptz: now
-- -> account, failures bigint, first_at, last_at
DELETE FROM signin_burst
WHERE account = (SELECT b.account FROM signin_burst b
                 WHERE b.told AND (b.last_at < $1::timestamptz - interval '10 minutes' OR b.first_at < $1::timestamptz - interval '1 hour')
                 ORDER BY b.account LIMIT 1 FOR UPDATE)
RETURNING account, failures, first_at, last_at
