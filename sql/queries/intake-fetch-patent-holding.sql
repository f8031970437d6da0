-- What an agency holds of these patents.
-- $1 jsonb: ids (strings); $2 int: the agency
-- -> patent_id bigint, holding jsonb
SELECT patent_id,
       jsonb_build_object('held_since', held_since, 'extra', extra, 'first_recorded_at', first_recorded_at) AS holding
FROM patent_holding
WHERE patent_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)::bigint))
  AND agency_id = $2::int AND superseded_at IS NULL
