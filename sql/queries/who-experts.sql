-- Experts that an agency holds, with what they say of themselves.
-- $1 int: the agency
-- -> who_id bigint, key, name, title (fields), text, classes jsonb, invented boolean
SELECT e.expert_id AS who_id, e.name || '/' || e.employer AS key, e.name || '（' || e.employer || '）' AS name,
       array_to_string(e.fields, '，') AS title, coalesce(e.profile, '') AS text, to_jsonb(coalesce(e.ipc, '{}')) AS classes, e.invented
FROM record_holding h
JOIN expert e ON e.expert_id = h.record_id
WHERE h.agency_id = $1::int AND h.kind = 'expert' AND h.superseded_at IS NULL
ORDER BY e.expert_id
