-- Proposals of these needs that are not among the best any more.
-- $1 jsonb: need ids (strings); $2 jsonb: leads that stay, as "PATENTID-NEEDID"; $3 bigint: the change
-- -> patent_id bigint, one row each
UPDATE lead SET state = 'superseded', change_seq = $3::bigint
WHERE need_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::bigint))
  AND state = 'proposed'
  AND patent_id::text || '-' || need_id::text <> ALL (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))
RETURNING patent_id
