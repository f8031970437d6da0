-- Records of this kind by their natural keys.
-- $1 jsonb: keys; $2 int: the agency
-- -> key text, record_id bigint, record jsonb, holding null, held false, contacts null
SELECT t.number AS key, t.case_id::bigint AS record_id, to_jsonb(t) AS record,
       NULL::jsonb AS holding, false AS held, NULL::jsonb AS contacts
FROM success_case t
WHERE t.number = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
  AND t.agency_id = $2::int
