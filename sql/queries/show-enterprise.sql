-- One enterprise as stored.
-- $1 text: its natural key in normal form; $2 int: the agency whose it is, or whose words are shown; 0 for none
-- -> record jsonb, history jsonb, links jsonb
SELECT to_jsonb(t) || jsonb_build_object('extra', coalesce(h.extra, '{}'), 'held_since', h.held_since, 'source_id', h.source_id, 'contacts', c.contacts) AS record,
       jsonb_build_object('versions', (
           SELECT coalesce(jsonb_agg(v.record ORDER BY v.recorded_at), '[]')
           FROM register_version v WHERE v.kind = 'enterprise' AND v.record_id = t.enterprise_id)) AS history,
       jsonb_build_object('needs', (SELECT coalesce(jsonb_agg(n.source_id ORDER BY n.source_id), '[]') FROM need n
                                   WHERE n.enterprise_id = t.enterprise_id)) AS links
FROM enterprise t
LEFT JOIN record_holding h ON h.record_id = t.enterprise_id AND h.agency_id = $2::int AND h.superseded_at IS NULL
LEFT JOIN contact c ON c.record_id = t.enterprise_id AND c.agency_id = $2::int
WHERE t.uscc = $1
