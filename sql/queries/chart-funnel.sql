-- What became of the pushes of each month, of this system and declared from before it. A deal is one that the same enterprise made on the
-- same patent, with the same agency, from the day of the push on.
-- $1 int: the agency, 0 for every one; $2 text: time zone
-- -> month text ("2025-06"), pushed, declared (of them, from before), opened, answered, interested, deals, invented (of those pushed) int
WITH sent AS (
    SELECT p.agency_id, p.patent_id, e.uscc, (p.created_at AT TIME ZONE $2::text)::date AS day, false AS declared, p.invented,
           EXISTS (SELECT FROM push_event v WHERE v.patent_id = p.patent_id AND v.push_id = p.push_id AND v.event IN ('opened', 'answered'))
               AS opened,
           EXISTS (SELECT FROM push_event v WHERE v.patent_id = p.patent_id AND v.push_id = p.push_id AND v.event = 'answered') AS answered,
           EXISTS (SELECT FROM feedback f WHERE f.patent_id = p.patent_id AND f.need_id = p.need_id AND f.agency_id = p.agency_id
                       AND f.answer = 'interested') AS interested
    FROM push p JOIN enterprise e ON e.enterprise_id = p.enterprise_id
    WHERE $1::int = 0 OR p.agency_id = $1::int
    UNION ALL
    SELECT p.agency_id, a.patent_id, p.enterprise_uscc, p.sent_date, true, p.invented, false, false, false
    FROM declared_push p LEFT JOIN patent_alias a ON a.number = split_part(p.patent, '.', 1)
    WHERE $1::int = 0 OR p.agency_id = $1::int
), sold AS (
    SELECT r.agency_id, r.patent_id, d.buyer ->> 'uscc' AS uscc, max(d.contract_date) AS day
    FROM deal_right r JOIN deal d ON d.deal_id = r.deal_id AND d.agency_id = r.agency_id
    WHERE r.patent_id IS NOT NULL AND ($1::int = 0 OR r.agency_id = $1::int)
    GROUP BY r.agency_id, r.patent_id, d.buyer ->> 'uscc'
)
SELECT to_char(s.day, 'YYYY-MM') AS month, count(*)::int AS pushed, count(*) FILTER (WHERE s.declared)::int AS declared,
       count(*) FILTER (WHERE s.opened)::int AS opened, count(*) FILTER (WHERE s.answered)::int AS answered,
       count(*) FILTER (WHERE s.interested)::int AS interested, count(*) FILTER (WHERE o.day >= s.day)::int AS deals,
       count(*) FILTER (WHERE s.invented)::int AS invented
FROM sent s LEFT JOIN sold o ON o.agency_id = s.agency_id AND o.patent_id = s.patent_id AND o.uscc = s.uscc
GROUP BY 1 ORDER BY 1
