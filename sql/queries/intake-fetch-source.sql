-- Experts to whom an agency gave these names of its own.
-- $1 text[]: source ids; $2 int: the agency
-- -> source_id text, record_id bigint, key text, name text
SELECT h.source_id, t.expert_id AS record_id, t.key, t.name
FROM record_holding h
JOIN expert t ON t.expert_id = h.record_id
WHERE h.agency_id = $2::int AND h.kind = 'expert' AND h.superseded_at IS NULL
  AND h.source_id = ANY ($1::text[])
