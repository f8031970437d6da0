-- 390 track: the figures of clause 4.2, counted over the rows of its metrics and nothing else. wanted: the metric.
-- The rows of that metric, counted by all that figures tell of them. contracts: of deals, those counted.
-- touched: of patents and pushes those of these patents alone, of needs and deals these; null: all.
DROP FUNCTION IF EXISTS metric_all(jsonb, date, timestamptz, int);
DROP FUNCTION IF EXISTS metric_part(text, jsonb, date, timestamptz, int);
DROP FUNCTION IF EXISTS metric_part(text, jsonb, date, timestamptz, int, bigint[]);
CREATE OR REPLACE FUNCTION metric_part(wanted text, pack jsonb, as_of date, known_at timestamptz, agency int, touched bigint[] DEFAULT NULL)
RETURNS TABLE (agency_id int, counted boolean, literal boolean, reason text, invented boolean, late boolean,
    unknown boolean, open boolean, rows bigint, contracts jsonb) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT m.agency_id, m.counted, m.literal, m.reasons[1], m.invented, m.late, m.unknown, m.open, count(*), %s '
        'FROM %I($1, $2, $3, $4%s) m GROUP BY 1, 2, 3, 4, 5, 6, 7, 8',
        CASE WHEN wanted = 'deals' THEN 'jsonb_agg(DISTINCT m.detail -> ''contract'') FILTER (WHERE m.counted)' ELSE 'NULL::jsonb' END,
        'metric_' || wanted || CASE WHEN touched IS NULL THEN '' ELSE '_of' END, CASE WHEN touched IS NULL THEN '' ELSE ', $5' END)
    USING pack, as_of, known_at, agency, touched;
END
$$;

-- One row per agency that has candidates; invented, late, unknown and open are of those counted.
DROP FUNCTION IF EXISTS track_figure(jsonb, date, timestamptz, int);
CREATE OR REPLACE FUNCTION track_figure(wanted text, pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS TABLE (metric text, agency_id int, value bigint, literal bigint, left_out jsonb, invented bigint, late bigint,
    unknown bigint, open bigint, contracts jsonb) LANGUAGE sql STABLE AS $$
    WITH part AS MATERIALIZED (SELECT * FROM metric_part(wanted, pack, as_of, known_at, agency)),
    reason AS (
        SELECT p.agency_id, p.reason, sum(p.rows) AS rows FROM part p WHERE NOT p.counted GROUP BY p.agency_id, p.reason
    ), left_out AS (
        SELECT r.agency_id, jsonb_object_agg(r.reason, r.rows) AS reasons FROM reason r GROUP BY r.agency_id
    )
    SELECT wanted, p.agency_id, coalesce(sum(p.rows) FILTER (WHERE p.counted), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.literal), 0)::bigint, coalesce(l.reasons, '{}'),
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.invented), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.late), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.unknown), 0)::bigint,
           coalesce(sum(p.rows) FILTER (WHERE p.counted AND p.open), 0)::bigint,
           (SELECT jsonb_agg(DISTINCT c.contract) FROM part o CROSS JOIN LATERAL jsonb_array_elements(o.contracts) c (contract)
            WHERE o.agency_id = p.agency_id)
    FROM part p LEFT JOIN left_out l ON l.agency_id = p.agency_id
    GROUP BY p.agency_id, l.reasons
$$;

GRANT EXECUTE ON FUNCTION metric_part, track_figure TO patbridge_service, patbridge_across, patbridge_readonly;
