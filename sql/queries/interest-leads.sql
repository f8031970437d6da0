-- All leads of an agency, in the order of their answers, those without one last: what P(interested) is learned from.
-- $1 int: the agency
-- -> enterprise_id bigint, fit float8, rank int, gap float8, class_share float8, answer text or null
SELECT n.enterprise_id, l.fit, l.rank,
       coalesce((l.score - lead(l.score) OVER (PARTITION BY l.need_id ORDER BY l.rank, l.score DESC, l.patent_id))::float8
                / nullif(l.score, 0), 0) AS gap,
       coalesce((SELECT sum((r ->> 'points')::float8) FROM jsonb_array_elements(l.reasons) r WHERE r ->> 'kind' = 'class')
                / nullif(l.score, 0), 0) AS class_share,
       f.answer
FROM lead l
JOIN need n ON n.need_id = l.need_id
LEFT JOIN (SELECT DISTINCT ON (patent_id, need_id) patent_id, need_id, answer, at FROM feedback WHERE agency_id = $1::int
           ORDER BY patent_id, need_id, at DESC) f ON f.patent_id = l.patent_id AND f.need_id = l.need_id
WHERE l.agency_id = $1::int AND (l.state <> 'superseded' OR f.answer IS NOT NULL)
ORDER BY f.at NULLS LAST, l.patent_id, l.need_id
