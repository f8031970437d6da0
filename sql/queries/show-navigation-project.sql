-- One navigation project as stored.
-- $1 text: its natural key in normal form; $2 int: the agency whose it is, or whose words are shown; 0 for none
-- -> record jsonb, history jsonb, links jsonb
SELECT to_jsonb(t) AS record,
       jsonb_build_object('versions', (
           SELECT coalesce(jsonb_agg(v.record ORDER BY v.recorded_at), '[]')
           FROM fact_version v WHERE v.kind = 'navigation_project' AND v.record_id = t.navigation_project_id)) AS history,
       '{}'::jsonb AS links
FROM navigation_project t
WHERE t.key = $1 AND t.agency_id = $2::int
