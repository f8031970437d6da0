-- What decides whether a patent may be proposed or pushed for a need.
-- $1 bigint: patent; $2 bigint: need
-- -> one row where both are there: names, right, owners, affiliates, held (by the need's agency), pushed_before, stopped; need_state,
--    need_valid_to; lead_state, fit and rank where there is a lead; best: leads of the need; last: the worst fit among them; matched_at; folded_into: the patent whose lead
--    stands for this one too, null: none
SELECT coalesce(p.application_number, p.publication_number) AS patent, p.title AS patent_title, p.type, p.legal_status, p.application_date,
       to_jsonb(p.applicants) AS applicants, to_jsonb(p.assignees) AS assignees, e.name AS enterprise,
       coalesce((SELECT jsonb_agg(a.name) FROM (
           SELECT coalesce(x.name, f.who) AS name FROM unnest(e.affiliates) f (who) LEFT JOIN enterprise x ON x.uscc = f.who
           UNION
           SELECT y.name FROM enterprise y
           WHERE y.enterprise_id <> e.enterprise_id AND (e.uscc = ANY (y.affiliates) OR e.name = ANY (y.affiliates))) a), '[]')
           AS affiliates, -- by either side's list, as pushing has it
       EXISTS (SELECT FROM patent_holding h WHERE h.patent_id = p.patent_id AND h.agency_id = n.agency_id AND h.superseded_at IS NULL) AS held,
       EXISTS (SELECT FROM push u WHERE u.patent_id = p.patent_id AND u.agency_id = n.agency_id AND u.enterprise_id = n.enterprise_id)
           AS pushed_before,
       EXISTS (SELECT FROM standing_stop s WHERE s.agency_id = n.agency_id AND s.enterprise_id = n.enterprise_id) AS stopped,
       n.source_id AS need, n.state AS need_state, n.valid_to AS need_valid_to, l.state AS lead_state, l.fit, l.rank,
       o.best, o.last, m.matched_at,
       (SELECT coalesce(f.application_number, f.publication_number) FROM lead t JOIN patent f ON f.patent_id = t.patent_id
        WHERE t.need_id = n.need_id AND t.state <> 'superseded' AND t.twins ? p.patent_id::text ORDER BY t.rank LIMIT 1) AS folded_into
FROM patent p
CROSS JOIN need n
JOIN enterprise e ON e.enterprise_id = n.enterprise_id
LEFT JOIN lead l ON l.patent_id = p.patent_id AND l.need_id = n.need_id
LEFT JOIN match_progress m ON m.need_id = n.need_id
LEFT JOIN (SELECT q.need_id, count(*) AS best, min(q.fit) AS last FROM lead q WHERE q.need_id = $2::bigint AND q.state <> 'superseded'
           GROUP BY q.need_id) o ON o.need_id = n.need_id
WHERE p.patent_id = $1::bigint AND n.need_id = $2::bigint
