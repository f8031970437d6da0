-- Institutions that an agency holds, with what they offer.
-- $1 int: the agency
-- -> as who-experts
SELECT i.institution_id AS who_id, i.uscc AS key, i.name, array_to_string(coalesce(i.services, '{}'), '，') AS title, '' AS text,
       '[]'::jsonb AS classes, i.invented
FROM record_holding h
JOIN institution i ON i.institution_id = h.record_id
WHERE h.agency_id = $1::int AND h.kind = 'institution' AND h.superseded_at IS NULL
ORDER BY i.institution_id
