-- Leads that were pushed just now, as long as they are still accepted.
-- $1 bigint[]: their patents; $2 text[]: PATENTID-NEEDID of each; $3 bigint: change_seq
-- -> one row a lead
UPDATE lead SET state = 'pushed', change_seq = $3::bigint
WHERE patent_id = ANY ($1::bigint[]) AND patent_id::text || '-' || need_id::text = ANY ($2::text[]) AND state = 'accepted'
RETURNING patent_id
