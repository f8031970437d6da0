-- What would be too dear to count whenever /metrics is asked.
-- -> gauges jsonb: {name: number}
SELECT jsonb_build_object(
    'patents', (SELECT count(*) FROM patent WHERE merged_into IS NULL),
    'enterprises', (SELECT count(*) FROM enterprise),
    'needs_standing', (SELECT count(*) FROM need WHERE state IN ('submitted', 'accepted')),
    'leads_proposed', (SELECT count(*) FROM lead WHERE state = 'proposed'),
    'leads_accepted', (SELECT count(*) FROM lead WHERE state = 'accepted'),
    'need_pairs', (SELECT count(*) FROM need_pair),
    'endpoints_off', (SELECT count(*) FROM endpoint WHERE disabled_at IS NOT NULL),
    'idempotent_answers', (SELECT count(*) FROM api_answer),
    'database_bytes', pg_database_size(current_database()),
    'database_index_bytes', (SELECT sum(pg_indexes_size(oid)) FROM pg_class
                             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)) AS gauges
