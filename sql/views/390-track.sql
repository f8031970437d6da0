-- 390 track: the figures of clause 4.2, counted over the rows of its metrics and nothing else.
CREATE OR REPLACE FUNCTION metric_all(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS TABLE (metric text, agency_id int, counted boolean, literal boolean, reason text, invented boolean, late boolean,
    unknown boolean, open boolean, rows bigint) LANGUAGE sql STABLE AS $$
    SELECT 'patents', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_patents(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT 'enterprises', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_enterprises(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT 'experts', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_experts(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT 'institutions', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_institutions(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT 'needs', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_needs(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT 'pushes', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_pushes(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    UNION ALL
    SELECT 'deals', m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*)
    FROM metric_deals(pack, as_of, known_at, agency) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
$$;

-- One row per agency and metric that has candidates; invented, late, unknown and open are of those counted.
CREATE OR REPLACE FUNCTION track_figure(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS TABLE (metric text, agency_id int, value bigint, literal bigint, left_out jsonb, invented bigint, late bigint,
    unknown bigint, open bigint) LANGUAGE sql STABLE AS $$
    WITH part AS MATERIALIZED (SELECT * FROM metric_all(pack, as_of, known_at, agency)),
    reason AS (
        SELECT p.metric, p.agency_id, p.reason, sum(p.rows) AS rows FROM part p WHERE NOT p.counted
        GROUP BY p.metric, p.agency_id, p.reason
    ), left_out AS (
        SELECT r.metric, r.agency_id, jsonb_object_agg(r.reason, r.rows) AS reasons FROM reason r GROUP BY r.metric, r.agency_id
    )
    SELECT p.metric, p.agency_id, coalesce(sum(p.rows) FILTER (WHERE p.counted), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.literal), 0)::bigint, coalesce(l.reasons, '{}'),
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.invented), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.late), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.unknown), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.open), 0)::bigint
    FROM part p LEFT JOIN left_out l ON l.metric = p.metric AND l.agency_id = p.agency_id
    GROUP BY p.metric, p.agency_id, l.reasons
$$;

GRANT EXECUTE ON FUNCTION metric_all, track_figure TO patbridge_service, patbridge_across, patbridge_readonly;
