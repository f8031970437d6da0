-- Begins a session of an account that may come in, with the password that was looked at.
-- $1 text: its public part; $2 text: digest; $3 text: account; $4 text: address; $5 timestamptz: now; $6 int: idle seconds;
-- $7 int: seconds until it ends; $8 text: the password's hash
-- -> one row when it has begun
INSERT INTO session (session_id, digest, account, address, made_at, used_at, idle_s, ends_at)
SELECT $1, $2, a.name, $4, $5::timestamptz, $5::timestamptz, $6::int, $5::timestamptz + make_interval(secs => $7::int)
FROM account a JOIN credential c ON c.account = a.name
WHERE a.name = $3 AND a.removed_at IS NULL AND a.disabled_at IS NULL AND c.password_hash = $8
RETURNING session_id
