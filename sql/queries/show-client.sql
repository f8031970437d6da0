-- One client as stored.
-- $1 text: its natural key in normal form; $2 int: the agency whose it is, or whose words are shown; 0 for none
-- -> record jsonb, history jsonb, links jsonb
SELECT to_jsonb(t) AS record,
       jsonb_build_object('versions', (
           SELECT coalesce(jsonb_agg(v.record ORDER BY v.recorded_at), '[]')
           FROM fact_version v WHERE v.kind = 'client' AND v.record_id = t.client_id)) AS history,
       '{}'::jsonb AS links
FROM client t
WHERE t.key = $1 AND t.agency_id = $2::int
