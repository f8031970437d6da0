-- An agency's standing needs, with how far each has been weighed.
-- $1 int: the agency; $2 date: today
-- -> need_id bigint, source_id, title, text, ipc jsonb, need_seq, enterprise_id bigint, enterprise text, affiliates jsonb,
--    stopped boolean, done_need_seq, done_patent_seq (null: never), done_model, leads, weakest (its proposed and decided leads
--    that can still be among the best, which pushed ones are not: how many, and the lowest score)
SELECT n.need_id, n.source_id, n.title, n.text, to_jsonb(n.ipc) AS ipc, n.change_seq AS need_seq,
       n.enterprise_id, e.name AS enterprise,
       to_jsonb(coalesce(e.affiliates, '{}')
           || ARRAY(SELECT a.name FROM enterprise a WHERE a.uscc = ANY (e.affiliates))
           || ARRAY(SELECT a.name FROM enterprise a WHERE e.uscc = ANY (a.affiliates) OR e.name = ANY (a.affiliates))
       ) AS affiliates,
       EXISTS (SELECT 1 FROM standing_stop s WHERE s.enterprise_id = n.enterprise_id AND s.agency_id = n.agency_id) AS stopped,
       p.need_seq AS done_need_seq, p.patent_seq AS done_patent_seq, p.model AS done_model,
       coalesce(l.leads, 0) AS leads, coalesce(l.weakest, 0) AS weakest
FROM need n
JOIN enterprise e ON e.enterprise_id = n.enterprise_id
LEFT JOIN match_progress p ON p.need_id = n.need_id
LEFT JOIN (
    SELECT need_id, count(*) AS leads, min(score) AS weakest FROM lead WHERE state NOT IN ('superseded', 'pushed') GROUP BY need_id
) l ON l.need_id = n.need_id
WHERE n.agency_id = $1::int AND n.state IN ('submitted', 'accepted') AND (n.valid_to IS NULL OR n.valid_to >= $2::date)
ORDER BY n.need_id
