-- What waits for an agency.
-- $1 int: the agency, 0 for every one; $2 date: today; $3 int: how many days ahead a need's end is near
-- -> leads_to_review, answers_to_follow (leads on the board of follow-up, not ended and not registered, whose day has come; without a day,
--    those whose last answer is "interested", and no contract with that enterprise since),
--    refused_rows, dead_letters, needs_ending bigint; dead, ending jsonb: the first twenty of each
SELECT (SELECT count(*) FROM lead WHERE state = 'proposed' AND ($1::int = 0 OR agency_id = $1::int)) AS leads_to_review,
       (WITH answered AS (
            SELECT DISTINCT ON (f.agency_id, f.patent_id, f.need_id) f.agency_id, f.patent_id, f.need_id, f.enterprise_id, f.answer, f.at
            FROM feedback f WHERE $1::int = 0 OR f.agency_id = $1::int
            ORDER BY f.agency_id, f.patent_id, f.need_id, f.at DESC, f.feedback_id
        ), board AS (
            SELECT u.agency_id, coalesce(p.merged_into, p.patent_id) AS patent_id, u.need_id, u.stage, u.due
            FROM follow_up u JOIN patent p ON p.patent_id = u.patent_id
            WHERE $1::int = 0 OR u.agency_id = $1::int
        )
        SELECT count(*)
        FROM (SELECT * FROM answered WHERE answer = 'interested') f
        FULL JOIN board b USING (agency_id, patent_id, need_id)
        WHERE coalesce(b.stage, '') NOT IN ('ended', 'registered')
          AND CASE WHEN b.due IS NOT NULL THEN b.due <= $2::date
                   ELSE f.answer IS NOT NULL
                        AND NOT EXISTS (SELECT FROM deal d JOIN enterprise e ON e.enterprise_id = f.enterprise_id
                                        WHERE d.agency_id = f.agency_id AND d.buyer ->> 'uscc' = e.uscc AND d.contract_date >= f.at::date)
              END) AS answers_to_follow,
       (SELECT count(*) FROM refused_waiting WHERE $1::int = 0 OR agency_id = $1::int) AS refused_rows,
       (SELECT count(*) FROM outbox WHERE state = 'dead' AND ($1::int = 0 OR agency_id = $1::int)) AS dead_letters,
       (SELECT count(*) FROM need
        WHERE state IN ('submitted', 'accepted') AND ($1::int = 0 OR agency_id = $1::int)
          AND valid_to BETWEEN $2::date AND $2::date + $3::int) AS needs_ending,
       coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x.finished_at DESC) FROM (
           SELECT o.push_id, o.channel, o.attempts, o.finished_at, e.name AS enterprise, p.title AS patent_title, a.status, a.error
           FROM outbox o
           JOIN enterprise e ON e.enterprise_id = o.enterprise_id
           JOIN patent p ON p.patent_id = o.patent_id
           LEFT JOIN attempt a ON a.outbox_id = o.outbox_id
                              AND a.number = (SELECT max(m.number) FROM attempt m WHERE m.outbox_id = o.outbox_id)
           WHERE o.state = 'dead' AND ($1::int = 0 OR o.agency_id = $1::int)
           ORDER BY o.finished_at DESC, o.outbox_id LIMIT 20) x), '[]') AS dead,
       coalesce((SELECT jsonb_agg(to_jsonb(x) ORDER BY x.valid_to, x.need) FROM (
           SELECT n.source_id AS need, n.title, n.valid_to, e.name AS enterprise
           FROM need n JOIN enterprise e ON e.enterprise_id = n.enterprise_id
           WHERE n.state IN ('submitted', 'accepted') AND ($1::int = 0 OR n.agency_id = $1::int)
             AND n.valid_to BETWEEN $2::date AND $2::date + $3::int
           ORDER BY n.valid_to, n.source_id LIMIT 20) x), '[]') AS ending
