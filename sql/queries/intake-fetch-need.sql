-- Records of this kind by their natural keys.
-- $1 jsonb: keys; $2 int: the agency
-- -> key text, record_id bigint, record jsonb, holding null, held false, contacts jsonb or null
SELECT t.source_id AS key, t.need_id::bigint AS record_id, to_jsonb(t) AS record,
       NULL::jsonb AS holding, false AS held, c.contacts
FROM need t
LEFT JOIN contact c ON c.record_id = t.need_id AND c.agency_id = $2::int
WHERE source_id = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
  AND t.agency_id = $2::int
