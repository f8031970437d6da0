-- Signs a kept version off.
-- $1 text: policy; $2 int: version; $3 text: by whom; $4 text: the operating system's user; $5 text: reason; $6 timestamptz: now
-- -> digest text, of what was signed
INSERT INTO policy_signature (policy_id, version, digest, signed_by, os_user, reason, signed_at)
SELECT p.policy_id, p.version, p.digest, $3::text, $4::text, $5::text, $6::timestamptz
FROM policy p WHERE p.policy_id = $1::text AND p.version = $2::int
RETURNING digest
