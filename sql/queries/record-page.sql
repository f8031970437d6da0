-- Records of a kind, a page at a time (api_records says how).
-- $1 text: kind; $2 int: agency, 0 for every one; $3 bigint or null: the last id seen; $4 jsonb: filters; $5 int: how many
-- -> record_id bigint, agency text, record jsonb
SELECT r.record_id, a.code AS agency, r.record
FROM api_records($1, $2::int, $3::bigint, $4::jsonb, $5::int) r
LEFT JOIN agency a ON a.agency_id = r.agency_id
ORDER BY r.record_id
