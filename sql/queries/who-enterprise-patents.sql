-- Which of these patents an enterprise owns, has bought or licensed.
-- $1 int: the agency; $2 jsonb: [{patent_id (string), score}]
-- -> as who-expert-patents
SELECT w.who_id, w.what, coalesce(p.application_number, p.publication_number) AS patent, p.title, w.score
FROM (
    SELECT e.enterprise_id AS who_id, 'owns' AS what, s.patent_id, s.score
    FROM jsonb_to_recordset($2::jsonb) AS s (patent_id bigint, score bigint)
    JOIN patent q ON q.patent_id = s.patent_id
    JOIN enterprise e ON e.name = ANY (coalesce(q.assignees, '{}') || coalesce(q.applicants, '{}'))
    UNION
    SELECT e.enterprise_id, CASE WHEN d.mode LIKE '%licen%' THEN 'licensed' ELSE 'bought' END, s.patent_id, s.score
    FROM jsonb_to_recordset($2::jsonb) AS s (patent_id bigint, score bigint)
    JOIN deal_right r ON r.patent_id = s.patent_id AND r.agency_id = $1::int
    JOIN deal d ON d.deal_id = r.deal_id
    JOIN enterprise e ON e.uscc = d.buyer ->> 'uscc'
) w
JOIN patent p ON p.patent_id = w.patent_id
JOIN record_holding h ON h.record_id = w.who_id AND h.agency_id = $1::int AND h.superseded_at IS NULL
ORDER BY w.score DESC, w.patent_id, w.what
