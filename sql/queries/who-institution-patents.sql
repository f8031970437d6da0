-- For which of these patents an institution has acted.
-- $1 int: the agency; $2 jsonb: [{patent_id (string), score}]
-- -> as who-expert-patents
SELECT i.institution_id AS who_id, 'acted_for' AS what, coalesce(p.application_number, p.publication_number) AS patent, p.title, s.score
FROM jsonb_to_recordset($2::jsonb) AS s (patent_id bigint, score bigint)
JOIN patent p ON p.patent_id = s.patent_id
JOIN institution i ON i.name = p.agent_institution
JOIN record_holding h ON h.record_id = i.institution_id AND h.agency_id = $1::int AND h.superseded_at IS NULL
ORDER BY s.score DESC, p.patent_id
