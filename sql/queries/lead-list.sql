-- The review queue: leads, best first.
-- $1 int: the agency, 0 for every one; $2 text: state, '' for every one; $3 text: a need by its id or its agency's name for
-- it, '' for every one; $4 int: how many
-- -> lead text (PATENTID-NEEDID), state, rank, fit, probability, score, model, reasons, certainty, aspects, patent number and title, need,
--    enterprise, decision, invented; twins: numbers of patents that say nearly the same, folded into this lead
SELECT l.patent_id::text || '-' || l.need_id::text AS lead, l.state, l.rank, l.score, l.fit, l.probability, l.model, l.reasons, l.certainty, l.aspects,
       coalesce(p.application_number, p.publication_number) AS patent, p.title AS patent_title, p.type AS patent_type,
       p.legal_status, n.source_id AS need, n.need_id, n.title AS need_title, e.uscc AS enterprise_uscc, e.name AS enterprise,
       a.code AS agency, l.proposed_at, l.decided_at, l.decided_by, l.decision_reason,
       (p.invented OR n.invented OR e.invented) AS invented,
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
ORDER BY l.fit DESC, l.patent_id, l.need_id
LIMIT $4::int
