-- Records of this kind by their natural keys.
-- $1 jsonb: keys; $2 int: the agency
-- -> key text, record_id bigint, record jsonb, holding null, held false, contacts jsonb or null
SELECT t.code AS key, t.agency_id::bigint AS record_id, to_jsonb(t) AS record,
       NULL::jsonb AS holding, false AS held, c.contacts
FROM agency t
LEFT JOIN contact c ON c.record_id = t.agency_id AND c.agency_id = $2::int
WHERE code = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
