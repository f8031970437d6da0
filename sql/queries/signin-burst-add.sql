-- One more failure.
-- $1 text: account, '' for nobody's name; $2 timestamptz: now
-- -> failures bigint: 1 where a burst begins
INSERT INTO signin_burst (account, first_at, last_at, failures) VALUES ($1, $2::timestamptz, $2::timestamptz, 1)
ON CONFLICT (account) DO UPDATE SET last_at = excluded.last_at, failures = signin_burst.failures + 1
RETURNING failures
