-- Whether the ledger is to be told of anything.
-- $1 timestamptz: now
-- -> bigint: how many bursts
SELECT count(*) FROM signin_burst
WHERE NOT told OR last_at < $1::timestamptz - interval '10 minutes' OR first_at < $1::timestamptz - interval '1 hour'
