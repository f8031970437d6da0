-- 395 clause: the rows of the other clauses' metrics, summed.

-- The rows of one metric, by its name.
CREATE OR REPLACE FUNCTION clause_rows(metric text, pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM %I($1, $2, $3, $4)', 'metric_' || metric) USING pack, as_of, known_at, agency;
END
$$;

-- asked: [{place, metric, pack}], place numbers the clauses. One row for each kind of row: counted, undetermined (open) or left
-- out for the same first reason, of one agency, year and (where it counts) payee; contracts: those behind the counted ones, of metrics
-- whose rows are contracts or payments for one; capped: of an award, which introductions have not (their rows tell that of their contract).
DROP FUNCTION IF EXISTS clause_figure;
CREATE OR REPLACE FUNCTION clause_figure(asked jsonb, as_of date, known_at timestamptz, agency int)
RETURNS TABLE (place int, metric text, agency_id int, year int, payee text, counted boolean, undetermined boolean, reason text,
    rows bigint, amount numeric, base_fen numeric, award_fen numeric, grant_fen numeric, invented bigint, late bigint,
    unknown bigint, capped boolean, awaits jsonb, contracts jsonb)
LANGUAGE sql STABLE AS $$
    SELECT (a.item ->> 'place')::int, a.item ->> 'metric', r.agency_id, r.year, CASE WHEN r.counted THEN r.payee END, r.counted,
           NOT r.counted AND r.reasons = '{}',
           CASE WHEN NOT r.counted THEN coalesce(r.reasons[1], r.awaits[1]) END, count(*), coalesce(sum(r.amount), 0),
           coalesce(sum(r.base_fen), 0), coalesce(sum(r.award_fen), 0), coalesce(sum((r.detail ->> 'upper_grant_fen')::numeric), 0),
           count(*) FILTER (WHERE r.invented), count(*) FILTER (WHERE r.late), count(*) FILTER (WHERE r.unknown),
           coalesce(bool_or((r.detail ->> 'capped')::boolean) FILTER (WHERE a.item ->> 'metric' <> 'introductions'), false),
           CASE WHEN NOT r.counted AND r.reasons = '{}' THEN to_jsonb(r.awaits) ELSE '[]' END,
           jsonb_agg(DISTINCT r.contract) FILTER (WHERE r.counted AND r.contract IS NOT NULL AND a.item ->> 'metric' <> 'introductions')
    FROM jsonb_array_elements(asked) a (item)
        CROSS JOIN LATERAL clause_rows(a.item ->> 'metric', a.item -> 'pack', as_of, known_at, agency) r
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 18
$$;

-- Which contracts a clause counts. asked: [{place, metric, pack, day}], one metric a clause.
CREATE OR REPLACE FUNCTION contract_counted(asked jsonb, known_at timestamptz, agency int)
RETURNS TABLE (place int, agency_id int, contract text) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT (a.item ->> 'place')::int, r.agency_id, r.contract
    FROM jsonb_array_elements(asked) a (item)
        CROSS JOIN LATERAL clause_rows(a.item ->> 'metric', a.item -> 'pack', (a.item ->> 'day')::date, known_at, agency) r
    WHERE a.item ->> 'metric' <> 'deals' AND r.counted
    UNION
    SELECT (a.item ->> 'place')::int, m.agency_id, m.detail ->> 'contract'
    FROM jsonb_array_elements(asked) a (item)
        CROSS JOIN LATERAL metric_deals(a.item -> 'pack', (a.item ->> 'day')::date, known_at, agency) m
    WHERE a.item ->> 'metric' = 'deals' AND m.counted
$$;

GRANT EXECUTE ON FUNCTION clause_rows, clause_figure, contract_counted TO patbridge_service, patbridge_across, patbridge_readonly;
