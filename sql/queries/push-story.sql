-- What a push is about and what came of it: the need's texts, the patent's classes, answers, steps, contracts over this patent with this enterprise.
-- $1 uuid: the push
-- -> patent_id, agency_id, need: {title, text, ipc}, classes: [symbol], answers: [{answer, because, note, at}],
--    deals: [{contract_number, mode, amount_fen, contract_date, registration_date}], resumed: [at] of a "stop" among the answers,
--    steps: [{stage, at}] of the follow-up that have come to stay, without what the agency notes for itself
SELECT u.patent_id, u.agency_id,
       jsonb_build_object('need_id', n.need_id::text, 'source_id', n.source_id, 'title', n.title, 'text', n.text, 'ipc', n.ipc) AS need,
       to_jsonb(coalesce(p.ipc, '{}')) AS classes,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('answer', b.answer, 'because', b.because, 'note', b.note, 'at', b.at)
                                  ORDER BY b.at, b.feedback_id), '[]')
        FROM feedback b WHERE b.patent_id = u.patent_id AND b.need_id = u.need_id) AS answers,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('contract_number', d.contract_number, 'mode', d.mode, 'amount_fen', d.amount_fen,
                                                     'contract_date', d.contract_date, 'registration_date', d.registration_date)
                                  ORDER BY d.contract_date, d.contract_number), '[]')
        FROM deal d
        WHERE d.agency_id = u.agency_id AND d.buyer ->> 'uscc' = e.uscc
          AND EXISTS (SELECT FROM deal_right r WHERE r.deal_id = d.deal_id AND r.patent_id = u.patent_id)) AS deals,
       (SELECT coalesce(jsonb_agg(r.at ORDER BY r.at), '[]')
        FROM resumed r
        WHERE r.agency_id = u.agency_id AND r.enterprise_id = u.enterprise_id
          AND EXISTS (SELECT FROM feedback b WHERE b.patent_id = u.patent_id AND b.need_id = u.need_id AND b.answer = 'stop'
                                               AND b.at < r.at)) AS resumed,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('stage', x.stage, 'at', x.at) ORDER BY x.at), '[]')
        FROM (SELECT s.stage, min(s.made_at) AS at
              FROM (SELECT f.stage, f.made_at, array_position(g.stages, f.stage) AS place,
                           min(array_position(g.stages, f.stage)) OVER (ORDER BY f.follow_up_note_id DESC) AS least
                    FROM follow_up_note f
                    JOIN patent m ON m.patent_id = f.patent_id
                    CROSS JOIN (VALUES ('{interested,contact,visit,offer,contract,registered}'::text[])) g (stages)
                    WHERE f.agency_id = u.agency_id AND f.need_id = u.need_id
                      AND coalesce(m.merged_into, m.patent_id) = u.patent_id) s
              WHERE s.place = s.least AND s.stage <> 'interested' -- what was moved back has not come to stay
              GROUP BY s.stage) x) AS steps
FROM push u
JOIN patent p ON p.patent_id = u.patent_id
JOIN need n ON n.need_id = u.need_id
JOIN enterprise e ON e.enterprise_id = u.enterprise_id
WHERE u.push_id = $1::uuid
