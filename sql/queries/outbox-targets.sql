-- Where claimed rows go, and the hours when the enterprise wants quiet.
-- $1 bigint[]: endpoints
-- -> endpoint_id, url, secret_sealed (hex), disabled, quiet
SELECT p.endpoint_id, p.url, encode(p.secret_sealed, 'hex') AS secret_sealed, p.disabled_at IS NOT NULL AS disabled,
       e.push ->> 'quiet' AS quiet
FROM endpoint p
JOIN enterprise e ON e.enterprise_id = p.enterprise_id
WHERE p.endpoint_id = ANY ($1::bigint[])
