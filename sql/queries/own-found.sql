-- What is told of patents that were found.
-- $1 bigint[]: their ids
-- -> patent_id bigint, patent, patent_title, patent_type, owners, legal_status, invented
SELECT p.patent_id, coalesce(p.application_number, p.publication_number) AS patent, p.title AS patent_title, p.type AS patent_type,
       to_jsonb(coalesce(nullif(p.assignees, '{}'), p.applicants, '{}')) AS owners, p.legal_status, p.invented
FROM patent p WHERE p.patent_id = ANY ($1::bigint[])
