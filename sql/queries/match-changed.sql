-- The patents that an agency holds, whose id lies in a range, of which something has changed. A union, so that each side has its index.
-- $1 int: the agency; $2, $3 bigint: first and last id; $4 bigint: the change that is known already
-- -> as match-patents.sql
SELECT p.patent_id, greatest(p.change_seq, h.change_seq) AS seq, p.title, p.abstract,
       coalesce(p.ipc, '{}') || coalesce(p.cpc, '{}') || coalesce(p.locarno, '{}') AS classes,
       coalesce(p.applicants, '{}') || coalesce(p.assignees, '{}') || CASE WHEN p.family IS NULL THEN '{}' ELSE ARRAY (
           SELECT '=' || f FROM unnest(p.family || p.publication_number || p.application_number) f WHERE f IS NOT NULL) END AS owners,
       p.legal_status, p.type, p.application_date
FROM (
    SELECT patent_id FROM patent WHERE change_seq > $4::bigint
    UNION
    SELECT patent_id FROM patent_holding WHERE agency_id = $1::int AND superseded_at IS NULL AND change_seq > $4::bigint
) c
JOIN patent_holding h ON h.patent_id = c.patent_id
JOIN patent p ON p.patent_id = c.patent_id
WHERE h.agency_id = $1::int AND h.superseded_at IS NULL AND p.merged_into IS NULL
  AND h.patent_id BETWEEN $2::bigint AND $3::bigint
