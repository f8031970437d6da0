-- Records of this kind by their natural keys, with what one agency holds of them.
-- $1 jsonb: keys; $2 int: the agency
-- -> key text, record_id bigint, record jsonb, holding jsonb or null, contacts jsonb or null
SELECT t.key AS key, t.expert_id AS record_id, to_jsonb(t) AS record,
       jsonb_build_object('source_id', h.source_id, 'held_since', h.held_since, 'extra', h.extra,
                          'first_recorded_at', h.first_recorded_at) AS holding,
       h.record_id IS NOT NULL AS held, c.contacts
FROM expert t
LEFT JOIN record_holding h ON h.record_id = t.expert_id AND h.agency_id = $2::int AND h.superseded_at IS NULL
LEFT JOIN contact c ON c.record_id = t.expert_id AND c.agency_id = $2::int
WHERE key = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
