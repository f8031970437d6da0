-- Leads, best first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 text: state, '' for every one; $3 text: a need by its id or its agency's name for it,
-- '' for every one; $4 text: a patent's number without check character, '' for every one; $5 float8, $6 bigint, $7 bigint: fit,
-- patent and need of the last one seen, or nulls; $8 int: how many
-- -> as lead-list; patent_id
SELECT l.patent_id::text || '-' || l.need_id::text AS lead, l.state, l.rank, l.score, l.fit, l.probability, l.model, l.reasons, l.certainty, l.aspects,
       coalesce(p.application_number, p.publication_number) AS patent, p.title AS patent_title, p.type AS patent_type,
       p.legal_status, n.source_id AS need, n.need_id, n.title AS need_title, e.uscc AS enterprise_uscc, e.name AS enterprise,
       a.code AS agency, l.proposed_at, l.decided_at, l.decided_by, l.decision_reason,
       (p.invented OR n.invented OR e.invented) AS invented, l.patent_id,
       (SELECT jsonb_agg(coalesce(t.application_number, t.publication_number) ORDER BY w.place)
        FROM jsonb_array_elements_text(l.twins) WITH ORDINALITY w (patent_id, place)
        JOIN patent t ON t.patent_id = w.patent_id::bigint) AS twins
FROM lead l
JOIN patent p ON p.patent_id = l.patent_id
JOIN need n ON n.need_id = l.need_id
JOIN enterprise e ON e.enterprise_id = n.enterprise_id
JOIN agency a ON a.agency_id = l.agency_id
WHERE ($1::int = 0 OR l.agency_id = $1::int)
  AND ($2::text = '' OR l.state = $2::text)
  AND ($3::text = '' OR n.source_id = $3::text OR n.need_id::text = $3::text)
  AND ($4::text = '' OR l.patent_id = (SELECT s.patent_id FROM patent_alias s WHERE s.number = $4::text))
  AND ($5::float8 IS NULL OR (-l.fit, l.patent_id, l.need_id) > (-$5::float8, $6::bigint, $7::bigint))
ORDER BY l.fit DESC, l.patent_id, l.need_id
LIMIT $8::int
