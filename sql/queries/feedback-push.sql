-- The push that a lead became; the first, should a merge of patents have brought two together.
-- $1 bigint: patent; $2 bigint: need
-- -> patent_id, need_id, push_id, agency_id, enterprise_id, enterprise, invented
SELECT s.patent_id, s.need_id, s.push_id, s.agency_id, s.enterprise_id, e.name AS enterprise, s.invented
FROM push s
JOIN enterprise e ON e.enterprise_id = s.enterprise_id
WHERE s.patent_id = $1::bigint AND s.need_id = $2::bigint
ORDER BY s.created_at, s.push_id
LIMIT 1
