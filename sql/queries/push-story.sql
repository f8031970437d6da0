-- What a push is about and what came of it: the need's texts, the patent's classes, answers, contracts over this patent with this enterprise.
-- $1 uuid: the push
-- -> patent_id, agency_id, need: {title, text, ipc}, classes: [symbol], answers: [{answer, because, note, at}],
--    deals: [{contract_number, mode, amount_fen, contract_date, registration_date}]
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
          AND EXISTS (SELECT FROM deal_right r WHERE r.deal_id = d.deal_id AND r.patent_id = u.patent_id)) AS deals
FROM push u
JOIN patent p ON p.patent_id = u.patent_id
JOIN need n ON n.need_id = u.need_id
JOIN enterprise e ON e.enterprise_id = u.enterprise_id
WHERE u.push_id = $1::uuid
