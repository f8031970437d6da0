-- What a patent is about, and whose it is.
-- $1 int: the agency; $2 bigint: the patent
-- -> patent, title, abstract, classes jsonb
SELECT coalesce(p.application_number, p.publication_number) AS patent, p.title, p.abstract,
       to_jsonb(coalesce(p.ipc, '{}') || coalesce(p.cpc, '{}') || coalesce(p.locarno, '{}')) AS classes
FROM patent_holding h
JOIN patent p ON p.patent_id = h.patent_id
WHERE h.agency_id = $1::int AND h.patent_id = $2::bigint AND h.superseded_at IS NULL AND p.merged_into IS NULL
