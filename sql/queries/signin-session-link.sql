-- Begins a session by a link.
-- $1 text: its public part; $2 text: digest; $3 int: agency; $4 bigint: enterprise; $5 text: address; $6 timestamptz: now;
-- $7 int: idle seconds; $8 int: seconds until it ends
-- -> session_id
INSERT INTO session (session_id, digest, agency_id, enterprise_id, address, made_at, used_at, idle_s, ends_at)
VALUES ($1, $2, $3::int, $4::bigint, $5, $6::timestamptz, $6::timestamptz, $7::int, $6::timestamptz + make_interval(secs => $8::int))
RETURNING session_id
