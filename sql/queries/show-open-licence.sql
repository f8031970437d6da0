-- One open licence as stored.
-- $1 text: its natural key in normal form; $2 int: the agency whose it is, or whose words are shown; 0 for none
-- -> record jsonb, history jsonb, links jsonb
SELECT to_jsonb(t) AS record,
       jsonb_build_object('versions', (
           SELECT coalesce(jsonb_agg(v.record ORDER BY v.recorded_at), '[]')
           FROM fact_version v WHERE v.kind = 'open_licence' AND v.record_id = t.open_licence_id)) AS history,
       '{}'::jsonb AS links
FROM open_licence t
WHERE t.patent = $1 AND t.agency_id = $2::int
