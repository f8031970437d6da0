-- Keeps a version of a policy pack; one that is there already stays as it is.
-- $1 text: policy; $2 int: version; $3 jsonb: the pack; $4 text: SHA-256 of its text; $5 timestamptz: now
-- -> one row when it is new
INSERT INTO policy (policy_id, version, pack, digest, recorded_at)
VALUES ($1, $2::int, $3::jsonb, $4, $5::timestamptz)
ON CONFLICT (policy_id, version) DO NOTHING
RETURNING policy_id
