-- Every key without its secret.
-- -> key_id is the public part; name, role, account, agency text, enterprise_uscc, rate_per_minute, created_at, expires_at,
--    revoked_at, last_used_at, invented
SELECT k.key_id, k.name, k.role, k.account, a.code AS agency, e.uscc AS enterprise_uscc, k.rate_per_minute, k.created_at, k.expires_at,
       k.revoked_at, k.last_used_at, k.invented
FROM api_key k
LEFT JOIN agency a ON a.agency_id = k.agency_id
LEFT JOIN enterprise e ON e.enterprise_id = k.enterprise_id
ORDER BY k.created_at, k.key_id
