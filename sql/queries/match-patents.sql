-- Every patent that an agency holds whose id lies in a range.
-- $1 int: the agency; $2, $3 bigint: first and last id
-- -> patent_id bigint, seq bigint, title, abstract, classes text[], owners text[] (behind them, marked by =, what its family is known by), legal_status, type,
--    application_date
SELECT p.patent_id, greatest(p.change_seq, h.change_seq) AS seq, p.title, p.abstract,
       coalesce(p.ipc, '{}') || coalesce(p.cpc, '{}') || coalesce(p.locarno, '{}') AS classes,
       coalesce(p.applicants, '{}') || coalesce(p.assignees, '{}') || CASE WHEN p.family IS NULL THEN '{}' ELSE ARRAY (
           SELECT '=' || f FROM unnest(p.family || p.publication_number || p.application_number) f WHERE f IS NOT NULL) END AS owners,
       p.legal_status, p.type, p.application_date
FROM patent_holding h
JOIN patent p ON p.patent_id = h.patent_id
WHERE h.agency_id = $1::int AND h.superseded_at IS NULL AND p.merged_into IS NULL
  AND h.patent_id BETWEEN $2::bigint AND $3::bigint
