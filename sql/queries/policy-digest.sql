-- The digest of a kept version.
-- $1 text: policy; $2 int: version
-- -> digest text
SELECT digest FROM policy WHERE policy_id = $1 AND version = $2::int
