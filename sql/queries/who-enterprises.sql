-- Enterprises that an agency holds, with what they make; without those that said stop.
-- $1 int: the agency
-- -> as who-experts; industry; affiliates jsonb
SELECT e.enterprise_id AS who_id, e.uscc AS key, e.name, array_to_string(coalesce(e.products, '{}'), '，') AS title,
       coalesce(e.profile, '') AS text, '[]'::jsonb AS classes, e.invented, e.industry, to_jsonb(coalesce(e.affiliates, '{}')) AS affiliates
FROM record_holding h
JOIN enterprise e ON e.enterprise_id = h.record_id
WHERE h.agency_id = $1::int AND h.kind = 'enterprise' AND h.superseded_at IS NULL
  AND NOT EXISTS (SELECT FROM standing_stop s WHERE s.enterprise_id = e.enterprise_id AND s.agency_id = h.agency_id)
ORDER BY e.enterprise_id
