-- Records of this kind by their natural keys.
-- $1 text[]: keys; $2 int: the agency; $3 bigint, $4 timestamptz: a load of this very file that has ended, and when it began
-- (or null). settled: nothing but that load has changed it since then
-- -> key text, record_id bigint, record jsonb, holding null, held false, contacts null, settled bool
SELECT t.practice_number AS key, t.attorney_id::bigint AS record_id, to_jsonb(t) AS record,
       NULL::jsonb AS holding, false AS held, NULL::jsonb AS contacts,
       coalesce(t.batch_id = $3::bigint OR t.recorded_at < $4::timestamptz, false) AS settled
FROM attorney t
WHERE t.practice_number = ANY ($1::text[])
  AND t.agency_id = $2::int
