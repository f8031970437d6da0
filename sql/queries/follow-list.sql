-- The follow-up of leads: those that somebody keeps, and every one whose last answer is "interested" and that nobody has touched yet.
-- $1 int: the agency, 0 for every one; $2 text: stage, '' for every one but ended; $3 bigint, $4 bigint: this lead alone, 0 for all;
-- $5 int: how many, the most urgent first
-- -> lead text, agency, stage, due, deal, changed_by, changed_at, since: when it came to this stage, interested_at, patent, patent_title,
--    price_fen, need, need_title, enterprise, enterprise_uscc, notes, documents: how many, invented
WITH kept AS (
    SELECT f.agency_id, f.patent_id AS begun_id, coalesce(p.merged_into, p.patent_id) AS patent_id, f.need_id, f.stage, f.due, f.deal,
           f.changed_by, f.changed_at
    FROM follow_up f JOIN patent p ON p.patent_id = f.patent_id
    WHERE ($1::int = 0 OR f.agency_id = $1::int)
      AND ($4::bigint = 0 OR (f.need_id = $4::bigint AND $3::bigint IN (f.patent_id, coalesce(p.merged_into, p.patent_id))))
), answered AS (
    SELECT DISTINCT ON (b.agency_id, b.patent_id, b.need_id) b.agency_id, b.patent_id, b.need_id, b.answer, b.given_by, b.at
    FROM feedback b
    WHERE ($1::int = 0 OR b.agency_id = $1::int) AND ($4::bigint = 0 OR (b.patent_id = $3::bigint AND b.need_id = $4::bigint))
    ORDER BY b.agency_id, b.patent_id, b.need_id, b.at DESC, b.feedback_id
), card AS (
    SELECT k.agency_id, k.begun_id, k.patent_id, k.need_id, k.stage, k.due, k.deal, k.changed_by, k.changed_at,
           (SELECT b.at FROM answered b WHERE b.agency_id = k.agency_id AND b.patent_id = k.patent_id AND b.need_id = k.need_id
                                          AND b.answer = 'interested') AS interested_at
    FROM kept k
    UNION ALL
    SELECT b.agency_id, b.patent_id, b.patent_id, b.need_id, 'interested', NULL, NULL, b.given_by, b.at, b.at
    FROM answered b
    WHERE b.answer = 'interested'
      AND NOT EXISTS (SELECT FROM kept k WHERE k.agency_id = b.agency_id AND k.patent_id = b.patent_id AND k.need_id = b.need_id)
)
SELECT c.begun_id::text || '-' || c.need_id::text AS lead, a.code AS agency, c.stage, c.due, c.deal, c.changed_by, c.changed_at,
       coalesce((SELECT min(s.made_at) FROM follow_up_note s
                 WHERE s.agency_id = c.agency_id AND s.need_id = c.need_id AND s.patent_id = c.begun_id AND s.stage = c.stage
                   AND s.made_at > coalesce((SELECT max(o.made_at) FROM follow_up_note o
                                             WHERE o.agency_id = c.agency_id AND o.need_id = c.need_id AND o.patent_id = c.begun_id
                                               AND o.stage <> c.stage), '-infinity')), c.changed_at) AS since,
       c.interested_at, coalesce(p.application_number, p.publication_number) AS patent, p.title AS patent_title,
       (p.offer ->> 'price_fen')::bigint AS price_fen, n.source_id AS need, n.title AS need_title, e.name AS enterprise,
       e.uscc AS enterprise_uscc,
       (SELECT count(*)::int FROM follow_up_note s WHERE s.agency_id = c.agency_id AND s.need_id = c.need_id AND s.patent_id = c.begun_id
                                                 AND s.note IS NOT NULL) AS notes,
       (SELECT count(*)::int FROM document d WHERE d.agency_id = c.agency_id AND d.kind = 'deal' AND d.key = c.deal) AS documents,
       (p.invented OR n.invented OR e.invented) AS invented
FROM card c
JOIN patent p ON p.patent_id = c.patent_id
JOIN need n ON n.need_id = c.need_id
JOIN enterprise e ON e.enterprise_id = n.enterprise_id
JOIN agency a ON a.agency_id = c.agency_id
WHERE ($2::text = '' AND (c.stage <> 'ended' OR $4::bigint <> 0)) OR c.stage = $2::text
ORDER BY c.due NULLS LAST, c.changed_at DESC, c.patent_id, c.need_id
LIMIT $5::int
