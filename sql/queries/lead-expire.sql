-- Proposals that nothing can come of any more: the need stands no longer, or the right is no longer alive.
-- $1 date: today; $2 bigint: the change
-- -> patent_id bigint, one row a lead
UPDATE lead SET state = 'superseded', change_seq = $2::bigint
FROM need n, patent p
WHERE lead.state = 'proposed' AND n.need_id = lead.need_id AND p.patent_id = lead.patent_id
  AND (n.state NOT IN ('submitted', 'accepted') OR n.valid_to < $1::date
       OR p.legal_status IN ('lapsed', 'withdrawn', 'rejected', 'expired'))
RETURNING lead.patent_id
