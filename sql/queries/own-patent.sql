-- A patent as an enterprise sees it that looks it up, where the agency holds it.
-- $1 bigint: the patent; $2 int: the agency
-- -> patent, application_number, publication_number, what a push tells of it (patent_title, patent_abstract, patent_type, owners,
--    legal_status, legal_status_date, offer, open_licence), applicants, application_date, ipc, invented
SELECT coalesce(p.application_number, p.publication_number) AS patent, p.application_number, p.publication_number,
       p.title AS patent_title, p.abstract AS patent_abstract, p.type AS patent_type,
       to_jsonb(coalesce(nullif(p.assignees, '{}'), p.applicants, '{}')) AS owners, to_jsonb(coalesce(p.applicants, '{}')) AS applicants,
       p.application_date, to_jsonb(coalesce(p.ipc, '{}')) AS ipc, p.legal_status, p.legal_status_date, p.offer,
       (SELECT jsonb_build_object('fee_terms', o.fee_terms, 'valid_to', o.valid_to)
        FROM patent_alias s JOIN open_licence o ON o.patent = s.number AND o.agency_id = $2::int
        WHERE s.patent_id = p.patent_id ORDER BY o.published_date DESC LIMIT 1) AS open_licence,
       p.invented
FROM patent p
JOIN patent_holding h ON h.patent_id = p.patent_id AND h.agency_id = $2::int AND h.superseded_at IS NULL
WHERE p.patent_id = $1::bigint
