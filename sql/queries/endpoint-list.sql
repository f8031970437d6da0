-- Endpoints, those turned off too.
-- $1 int: the agency, 0 for every one
-- -> endpoint_id, agency, enterprise, uscc, channel, url, created_at, disabled_at, disabled_reason, failures, hold_until,
--    old_secret_until
SELECT p.endpoint_id, a.code AS agency, e.name AS enterprise, e.uscc, p.channel, p.url, p.created_at, p.disabled_at,
       p.disabled_reason, p.failures, p.hold_until, p.old_secret_until
FROM endpoint p
JOIN enterprise e ON e.enterprise_id = p.enterprise_id
JOIN agency a ON a.agency_id = p.agency_id
WHERE $1::int = 0 OR p.agency_id = $1::int
ORDER BY e.uscc, p.channel, p.endpoint_id
