-- Keys that are neither revoked nor expired, with what they may do. One in the name of an account ends with it, rests while that is out of
-- use, and has no role that the account has no more.
-- $1 timestamptz: now
-- -> key_id, secret_digest, role, account, agency_id int, agency text, enterprise_id bigint, rate_per_minute, expires_s: seconds
--    since 1970, null for never
SELECT k.key_id, k.secret_digest, k.role, k.account, k.agency_id, a.code AS agency, k.enterprise_id, k.rate_per_minute,
       extract(epoch FROM k.expires_at)::bigint AS expires_s
FROM api_key k
LEFT JOIN agency a ON a.agency_id = k.agency_id
LEFT JOIN account c ON c.name = k.account
WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $1::timestamptz)
  AND (k.account IS NULL OR (c.removed_at IS NULL AND c.disabled_at IS NULL AND c.role = k.role))
