-- What a lead's patent and need say, beside what lead-lookup has.
-- $1 bigint: patent; $2 bigint: need
-- -> agency_id int; need, patent jsonb
SELECT l.agency_id,
       jsonb_build_object('title', n.title, 'text', n.text, 'ipc', to_jsonb(n.ipc), 'cooperation', to_jsonb(n.cooperation),
                          'budget_fen', n.budget_fen, 'valid_from', n.valid_from, 'valid_to', n.valid_to, 'state', n.state) AS need,
       jsonb_build_object('title', p.title, 'abstract', p.abstract, 'applicants', to_jsonb(p.applicants),
                          'assignees', to_jsonb(p.assignees), 'ipc', to_jsonb(p.ipc), 'application_date', p.application_date) AS patent
FROM lead l
JOIN patent p ON p.patent_id = l.patent_id
JOIN need n ON n.need_id = l.need_id
WHERE l.patent_id = $1::bigint AND l.need_id = $2::bigint
