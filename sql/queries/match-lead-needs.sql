-- Needs of an agency that have a lead on one of these patents.
-- $1 int: the agency; $2 jsonb: patent ids (strings)
-- -> need_id bigint
SELECT DISTINCT need_id FROM lead
WHERE agency_id = $1::int AND state <> 'superseded'
  AND patent_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))
