-- Records of this kind by their natural keys.
-- $1 text[]: keys; $2 int: the agency; $3 bigint, $4 timestamptz: a load of this very file that has ended, and when it began
-- (or null). settled: nothing but that load has changed it since then
-- -> key text, record_id bigint, record jsonb, holding null, held false, contacts jsonb or null, settled bool
SELECT t.contract_number AS key, t.deal_id::bigint AS record_id, to_jsonb(t) AS record,
       NULL::jsonb AS holding, false AS held, c.contacts,
       coalesce((t.batch_id = $3::bigint OR t.recorded_at < $4::timestamptz)
                AND (c.record_id IS NULL OR c.batch_id = $3::bigint OR c.recorded_at < $4::timestamptz), false) AS settled
FROM deal t
LEFT JOIN contact c ON c.record_id = t.deal_id AND c.agency_id = $2::int
WHERE contract_number = ANY ($1::text[])
  AND t.agency_id = $2::int
