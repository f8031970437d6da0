-- One need as stored.
-- $1 text: its natural key in normal form; $2 int: the agency whose it is, or whose words are shown; 0 for none
-- -> record jsonb, history jsonb, links jsonb
SELECT to_jsonb(t) || jsonb_build_object('enterprise_uscc', e.uscc, 'contact', c.contacts -> 0 -> 'text') AS record,
       jsonb_build_object('versions', (
           SELECT coalesce(jsonb_agg(v.record ORDER BY v.recorded_at), '[]')
           FROM fact_version v WHERE v.kind = 'need' AND v.record_id = t.need_id)) AS history,
       jsonb_build_object('need_id', t.need_id::text, 'enterprise_name', e.name,
                          'leads', (SELECT count(*) FROM lead l WHERE l.need_id = t.need_id)) AS links
FROM need t
LEFT JOIN contact c ON c.record_id = t.need_id AND c.agency_id = $2::int
JOIN enterprise e ON e.enterprise_id = t.enterprise_id
WHERE t.source_id = $1 AND t.agency_id = $2::int
