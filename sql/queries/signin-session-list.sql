-- The sessions that go on, the latest first: of an account, or of an enterprise that has none.
-- $1 text or null: account; $2 int or null: agency; $3 bigint or null: enterprise; $4 timestamptz: now
-- -> session_id, made_at, used_at, ends_at
SELECT session_id, made_at, used_at, ends_at
FROM session
WHERE ended_at IS NULL AND ends_at > $4::timestamptz AND used_at + make_interval(secs => idle_s) > $4::timestamptz
  AND (account = $1::text OR ($1::text IS NULL AND account IS NULL AND agency_id = $2::int AND enterprise_id = $3::bigint))
ORDER BY made_at DESC, session_id
