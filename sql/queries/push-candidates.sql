-- Accepted leads with what decides whether they may be pushed, best first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 float8, $3 bigint, $4 bigint: fit, patent and need of the last row seen, or nulls;
-- $5 int: how many; $6 timestamptz: now
-- -> the lead, its patent, need and enterprise, wishes (enterprise.push), invented, pushed_before
SELECT l.patent_id, l.need_id, l.agency_id, a.code AS agency, l.score, l.fit, l.probability, l.rank, l.reasons, l.model,
       p.application_number, p.publication_number, p.title, p.type, p.legal_status, p.legal_status_date, p.application_date,
       p.grant_date, p.merged_into, to_jsonb(p.applicants) AS applicants, to_jsonb(p.assignees) AS assignees,
       n.source_id AS need, n.title AS need_title, n.state AS need_state, n.valid_from AS need_valid_from,
       n.valid_to AS need_valid_to,
       e.enterprise_id, e.name AS enterprise, e.uscc, to_jsonb(e.affiliates) AS affiliates, e.push AS wishes,
       (p.invented OR n.invented OR e.invented) AS invented,
       s.patent_id IS NOT NULL AS pushed_before
FROM lead l
JOIN patent p ON p.patent_id = l.patent_id
JOIN need n ON n.need_id = l.need_id
JOIN enterprise e ON e.enterprise_id = n.enterprise_id
JOIN agency a ON a.agency_id = l.agency_id
LEFT JOIN (SELECT DISTINCT patent_id, agency_id, enterprise_id FROM push) s
       ON s.patent_id = l.patent_id AND s.agency_id = l.agency_id AND s.enterprise_id = n.enterprise_id
WHERE l.state = 'accepted' AND (l.held_until IS NULL OR l.held_until <= $6::timestamptz) -- else whoever decided may still take it back
  AND ($1::int = 0 OR l.agency_id = $1::int)
  AND ($2::float8 IS NULL OR (-l.fit, l.patent_id, l.need_id) > (-$2::float8, $3::bigint, $4::bigint))
ORDER BY l.fit DESC, l.patent_id, l.need_id
LIMIT $5::int
