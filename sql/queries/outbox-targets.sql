-- Where claimed rows go, and the hours when the enterprise wants quiet.
-- $1 bigint[]: endpoints; $2 timestamptz: now
-- -> endpoint_id, url, secret_sealed (hex), old_secret_sealed (hex, or null: none that still signs), disabled, failures, quiet
SELECT p.endpoint_id, p.url, encode(p.secret_sealed, 'hex') AS secret_sealed,
       CASE WHEN p.old_secret_until > $2::timestamptz THEN encode(p.old_secret_sealed, 'hex') END AS old_secret_sealed,
       p.disabled_at IS NOT NULL AS disabled, p.failures, e.push ->> 'quiet' AS quiet
FROM endpoint p
JOIN enterprise e ON e.enterprise_id = p.enterprise_id
WHERE p.endpoint_id = ANY ($1::bigint[])
