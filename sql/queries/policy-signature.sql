-- Who signed a version off, last.
-- $1 text: policy; $2 int: version; $3 text: digest; $4 timestamptz: known at
-- -> by, at text
SELECT s.signed_by AS by, to_char(s.signed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
FROM policy_signature s
WHERE s.policy_id = $1::text AND s.version = $2::int AND s.digest = $3::text AND s.signed_at <= $4::timestamptz
ORDER BY s.signed_at DESC
LIMIT 1
