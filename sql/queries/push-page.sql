-- Pushes, newest first, after a place in that order.
-- $1 int: the agency, 0 for every one; $2 bigint: the enterprise, 0 for every one; $3 text: its credit code, '' for every one;
-- $4 uuid or null: this one alone; $5 timestamptz, $6 uuid: creation and id of the last one seen, or nulls; $7 int: how many
-- -> push_id, lead text, patent, patent_title, need, enterprise, agency, score, fit, probability, threshold, model, reasons, created_at,
--    invented, events: [{channel, event, at}], what a reader asks of the right (patent_type, owners, legal_status, legal_status_date, offer,
--    open_licence), aspects as the lead has them, answer: the last one
SELECT u.push_id, u.patent_id::text || '-' || u.need_id::text AS lead, coalesce(p.application_number, p.publication_number) AS patent,
       p.title AS patent_title, p.abstract AS patent_abstract, n.source_id AS need, n.title AS need_title, e.uscc AS enterprise_uscc,
       e.name AS enterprise, a.code AS agency, a.name AS agency_name, u.score, u.fit, u.probability, u.threshold, u.model, u.reasons,
       u.created_at, u.invented, p.type AS patent_type,
       to_jsonb(coalesce(nullif(p.assignees, '{}'), p.applicants, '{}')) AS owners, p.legal_status, p.legal_status_date, p.offer,
       (SELECT jsonb_build_object('fee_terms', o.fee_terms, 'valid_to', o.valid_to)
        FROM patent_alias s JOIN open_licence o ON o.patent = s.number AND o.agency_id = u.agency_id
        WHERE s.patent_id = u.patent_id ORDER BY o.published_date DESC LIMIT 1) AS open_licence,
       (SELECT l.aspects FROM lead l WHERE l.patent_id = u.patent_id AND l.need_id = u.need_id) AS aspects,
       (SELECT jsonb_build_object('answer', b.answer, 'because', b.because, 'at', b.at)
        FROM feedback b WHERE b.patent_id = u.patent_id AND b.need_id = u.need_id
        ORDER BY b.at DESC, b.feedback_id LIMIT 1) AS answer,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('channel', v.channel, 'event', v.event, 'at', v.at) ORDER BY v.at, v.channel, v.event), '[]')
        FROM push_event v WHERE v.patent_id = u.patent_id AND v.push_id = u.push_id) AS events
FROM push u
JOIN patent p ON p.patent_id = u.patent_id
JOIN need n ON n.need_id = u.need_id
JOIN enterprise e ON e.enterprise_id = u.enterprise_id
JOIN agency a ON a.agency_id = u.agency_id
WHERE ($1::int = 0 OR u.agency_id = $1::int)
  AND ($2::bigint = 0 OR u.enterprise_id = $2::bigint)
  AND ($3::text = '' OR e.uscc = $3::text)
  AND ($4::uuid IS NULL OR u.push_id = $4::uuid)
  AND ($5::timestamptz IS NULL OR (u.created_at, u.push_id) < ($5::timestamptz, $6::uuid))
ORDER BY u.created_at DESC, u.push_id DESC
LIMIT $7::int
