-- Records of this kind by their natural keys, with what one agency holds of them.
-- $1 text[]: keys; $2 int: the agency; $3 bigint, $4 timestamptz: a load of this very file that has ended, and when it began
-- (or null). settled: nothing but that load has changed it since then
-- -> key text, record_id bigint, record jsonb, holding jsonb or null, contacts jsonb or null, settled bool
SELECT t.uscc AS key, t.enterprise_id AS record_id, to_jsonb(t) AS record,
       jsonb_build_object('source_id', h.source_id, 'held_since', h.held_since, 'extra', h.extra,
                          'first_recorded_at', h.first_recorded_at) AS holding,
       h.record_id IS NOT NULL AS held, c.contacts,
       coalesce((t.batch_id = $3::bigint OR t.recorded_at < $4::timestamptz)
                AND (h.batch_id = $3::bigint OR h.recorded_at < $4::timestamptz)
                AND (c.record_id IS NULL OR c.batch_id = $3::bigint OR c.recorded_at < $4::timestamptz), false) AS settled
FROM enterprise t
LEFT JOIN record_holding h ON h.record_id = t.enterprise_id AND h.agency_id = $2::int AND h.superseded_at IS NULL
LEFT JOIN contact c ON c.record_id = t.enterprise_id AND c.agency_id = $2::int
WHERE uscc = ANY ($1::text[])
