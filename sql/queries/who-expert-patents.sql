-- Which of these patents an expert has invented: by name, at the employer that applied.
-- $1 int: the agency; $2 jsonb: [{patent_id (string), score}]
-- -> who_id bigint, what text, patent, title text, score bigint, best first
SELECT e.expert_id AS who_id, 'invented' AS what, coalesce(p.application_number, p.publication_number) AS patent, p.title, s.score
FROM jsonb_to_recordset($2::jsonb) AS s (patent_id bigint, score bigint)
JOIN patent p ON p.patent_id = s.patent_id
JOIN expert e ON e.name = ANY (p.inventors) AND e.employer = ANY (p.applicants)
JOIN record_holding h ON h.record_id = e.expert_id AND h.agency_id = $1::int AND h.superseded_at IS NULL
ORDER BY s.score DESC, p.patent_id
