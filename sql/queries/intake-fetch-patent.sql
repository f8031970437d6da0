-- Patents by id.
-- $1 jsonb: ids (strings)
-- -> patent_id bigint, record jsonb
SELECT patent_id, to_jsonb(p) AS record FROM patent p
WHERE patent_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::bigint))
