-- 399 mended: kept figures brought up to date. What single changes touch is counted as it was just before them and as it is; the
-- difference is the figure's. Where they touch more than that, null: it is counted whole.

-- The contracts that decisions made at these moments are about; null where not all of them can be told.
CREATE OR REPLACE FUNCTION decision_deals(moments timestamptz[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) > 0 AND bool_and(t.deal_id IS NOT NULL) THEN array_agg(DISTINCT t.deal_id) END
    FROM decision d LEFT JOIN deal t ON t.agency_id = d.agency_id AND t.contract_number = d.key
    WHERE d.decided_at = ANY (moments) AND d.kind = 'deal'
$$;

-- An agency's (null: any) contracts about these patents.
CREATE OR REPLACE FUNCTION patent_deals(agency int, patents bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT d.deal_id), '{}')
    FROM deal d CROSS JOIN LATERAL jsonb_array_elements(d.rights) r (item)
    WHERE (agency IS NULL OR d.agency_id = agency)
        AND split_part(r.item ->> 'number', '.', 1) IN (SELECT a.number FROM patent_alias a WHERE a.patent_id = ANY (patents))
$$;

-- The needs that decisions made at these moments bear on: all of the enterprises whose needs they are about, since one may repeat the
-- other; null where not all of them can be told.
CREATE OR REPLACE FUNCTION decision_needs(moments timestamptz[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) > 0 AND bool_and(t.need_id IS NOT NULL) THEN need_near('infinity', array_agg(DISTINCT t.need_id)) END
    FROM decision d LEFT JOIN need t ON t.agency_id = d.agency_id AND t.source_id = d.key
    WHERE d.decided_at = ANY (moments) AND d.kind = 'need'
$$;

-- What came after a kept figure, where that is nothing but decisions on single patents, pushes, needs and contracts, new ones of the second
-- and last, what happened to pushes, and look-ups of patents, all of it told of a moment when it was kept already: of patents and pushes the patents that they
-- touch, of needs and of what is counted of contracts these; and a moment before all of them. Null: it has to be counted whole.
DROP FUNCTION IF EXISTS kept_touched(track_kept); -- its columns had other names
CREATE OR REPLACE FUNCTION kept_touched(k track_kept, OUT touched bigint[], OUT before timestamptz) LANGUAGE sql STABLE AS $$
    WITH few AS MATERIALIZED (
        SELECT c.*
        FROM track_change c
        WHERE c.xid >= pg_snapshot_xmin(k.snapshot) AND c.source = ANY ((SELECT track_reads(k.metric))::text[])
            AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
            AND change_bears(k.metric, k.agency_id, c.source, c.kind, c.agency_id, c.ids)
        LIMIT 201
    ), change AS MATERIALIZED (
        SELECT CASE WHEN c.ids IS NULL THEN NULL
                    WHEN c.source = 'deal' THEN c.ids::bigint[]
                    WHEN c.source = 'decision' AND c.kind = 'deal' THEN decision_deals(c.ids::timestamptz[]) END AS deals,
               CASE WHEN c.source = 'decision' AND c.kind = 'need' THEN decision_needs(c.ids::timestamptz[]) END AS needs,
               CASE WHEN c.ids IS NULL THEN NULL
                    WHEN c.source = 'decision' AND c.kind NOT IN ('deal', 'need') THEN decision_patents(c.kind, c.ids::timestamptz[])
                    WHEN c.source IN ('push', 'push_event') THEN push_patents(c.ids)
                    WHEN c.source = 'patent_lookup' THEN c.ids::bigint[] END AS patents,
               CASE WHEN c.ids IS NULL THEN c.noted_at
                    WHEN c.source IN ('push', 'push_event') THEN least(c.noted_at, coalesce(push_moment(c.ids, c.xid), '-infinity'))
                    WHEN c.source = 'patent_lookup' THEN least(c.noted_at, coalesce(lookup_moment(c.ids, c.xid), '-infinity'))
                    ELSE c.noted_at END AS moment
        FROM few c
        WHERE (SELECT count(*) FROM few) <= 200
    ), told AS (
        SELECT bool_and((c.deals IS NOT NULL OR c.patents IS NOT NULL OR c.needs IS NOT NULL) AND c.moment > k.kept_at) AS all_of_them, min(c.moment) AS first,
               (SELECT array_agg(DISTINCT p.id) FROM change o CROSS JOIN LATERAL unnest(o.patents) p (id)) AS patents,
               (SELECT array_agg(DISTINCT n.id) FROM change o CROSS JOIN LATERAL unnest(o.needs) n (id)) AS needs,
               (SELECT array_agg(DISTINCT d.id) FROM change o CROSS JOIN LATERAL unnest(o.deals) d (id)) AS deals
        FROM change c
    )
    SELECT CASE WHEN NOT t.all_of_them THEN NULL
                WHEN k.metric IN ('patents', 'pushes') THEN t.patents
                WHEN k.metric = 'needs' THEN t.needs
                WHEN k.metric = 'deals' THEN coalesce(t.deals, '{}') || CASE WHEN t.patents IS NULL THEN '{}' -- all contracts would be read
                                                                           ELSE patent_deals(k.agency_id, t.patents) END
                WHEN k.metric IN ('purchases', 'transactions', 'introductions', 'licences') THEN t.deals END,
           t.first - interval '1 microsecond'
    FROM told t
$$;

-- A figure of clause 4.2 brought up to date: less what the rows touched were, and more what they are.
CREATE OR REPLACE FUNCTION figure_mended(k track_kept, known_at timestamptz, touched bigint[], before timestamptz) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH part (sign, agency_id, counted, literal, reason, invented, late, unknown, open, rows, contracts) AS MATERIALIZED (
        SELECT -1, p.* FROM metric_part(k.metric, k.pack, k.as_of, before, k.agency_id, touched) p
        UNION ALL
        SELECT 1, p.* FROM metric_part(k.metric, k.pack, k.as_of, known_at, k.agency_id, touched) p
    ), kept AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(k.figure) f (agency_id int, value bigint, literal bigint, invented bigint, late bigint,
            unknown bigint, open bigint, left_out jsonb, contracts jsonb)
    ), reason AS (
        SELECT r.agency_id, r.reason, sum(r.rows) AS rows
        FROM (SELECT f.agency_id, l.reason, l.rows::bigint FROM kept f CROSS JOIN LATERAL jsonb_each_text(f.left_out) l (reason, rows)
              UNION ALL
              SELECT p.agency_id, p.reason, p.sign * p.rows FROM part p WHERE NOT p.counted) r (agency_id, reason, rows)
        GROUP BY r.agency_id, r.reason HAVING sum(r.rows) <> 0
    ), left_out AS (
        SELECT r.agency_id, jsonb_object_agg(r.reason, r.rows) AS reasons FROM reason r GROUP BY r.agency_id
    ), counted AS (
        SELECT f.agency_id, sum(f.value)::bigint AS value, sum(f.literal)::bigint AS literal, sum(f.invented)::bigint AS invented,
               sum(f.late)::bigint AS late, sum(f.unknown)::bigint AS unknown, sum(f.open)::bigint AS open
        FROM (SELECT f.agency_id, f.value, f.literal, f.invented, f.late, f.unknown, f.open FROM kept f
              UNION ALL
              SELECT p.agency_id, n.rows * p.counted::int, n.rows * p.literal::int, n.rows * (p.counted AND p.invented)::int,
                     n.rows * (p.counted AND p.late)::int, n.rows * (p.counted AND p.unknown)::int, n.rows * (p.counted AND p.open)::int
              FROM part p CROSS JOIN LATERAL (SELECT p.sign * p.rows) n (rows)) f
        GROUP BY f.agency_id
    ), contract AS (
        (SELECT f.agency_id, c.contract FROM kept f CROSS JOIN LATERAL jsonb_array_elements(f.contracts) c (contract)
         EXCEPT
         SELECT p.agency_id, c.contract FROM part p CROSS JOIN LATERAL jsonb_array_elements(p.contracts) c (contract) WHERE p.sign < 0)
        UNION
        SELECT p.agency_id, c.contract FROM part p CROSS JOIN LATERAL jsonb_array_elements(p.contracts) c (contract) WHERE p.sign > 0
    ), listed AS (
        SELECT c.agency_id, jsonb_agg(c.contract ORDER BY c.contract) AS contracts FROM contract c GROUP BY c.agency_id
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('metric', k.metric, 'agency_id', c.agency_id, 'value', c.value, 'literal', c.literal,
               'left_out', coalesce(l.reasons, '{}'), 'invented', c.invented, 'late', c.late, 'unknown', c.unknown, 'open', c.open,
               'contracts', s.contracts)), '[]')
    FROM counted c LEFT JOIN left_out l ON l.agency_id = c.agency_id LEFT JOIN listed s ON s.agency_id = c.agency_id
    WHERE c.value > 0 OR l.agency_id IS NOT NULL -- it has a candidate
$$;

-- ---- What is counted of contracts

-- All that contracts have said since a moment, or say.
CREATE OR REPLACE FUNCTION deal_since(moment timestamptz) RETURNS SETOF deal LANGUAGE sql STABLE AS $$
    SELECT r.* FROM deal r
    UNION ALL
    SELECT (jsonb_populate_record(NULL::deal, v.record)).* FROM fact_version v WHERE v.kind = 'deal' AND v.superseded_at > moment
$$;

-- The patents in these contracts and in those known as one of `told` is, as they have been since a moment: their ids and all of their
-- numbers; of those that are not known here the number that is told.
CREATE OR REPLACE FUNCTION deal_patents(moment timestamptz, ids bigint[], told text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    known bigint[];
    unknown text[];
BEGIN
    SELECT array_agg(DISTINCT a.patent_id), array_agg(DISTINCT r.item ->> 'number') FILTER (WHERE a.patent_id IS NULL) INTO known, unknown
    FROM deal_since(moment) d CROSS JOIN LATERAL jsonb_array_elements(d.rights) r (item)
        LEFT JOIN patent_alias a ON a.number = split_part(r.item ->> 'number', '.', 1)
    WHERE d.deal_id = ANY (ids) OR deal_same(d.registration_number, d.contract_number, d.buyer) = ANY (told);
    RETURN coalesce(known::text[], '{}') || unknown || ARRAY(SELECT a.number FROM patent_alias a WHERE a.patent_id = ANY (known));
END
$$;

-- How far single contracts reach, as they were just before a moment and as they have been since. told: by what they and all that
-- their rows may change are known (deal_same); whose: the buyers whose cap they use up; patents: those in them, of which one counts once.
CREATE OR REPLACE FUNCTION deal_reach(metric text, agency int, ids bigint[], before timestamptz, OUT told text[],
    OUT whose text[], OUT patents text[]) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    told := ARRAY(SELECT DISTINCT deal_same(d.registration_number, d.contract_number, d.buyer)
                  FROM deal_since(before) d WHERE d.deal_id = ANY (ids));
    IF metric = 'purchases' THEN
        whose := ARRAY(SELECT DISTINCT d.buyer ->> 'uscc'
                       FROM deal_since(before) d
                       WHERE d.deal_id = ANY (ids) OR deal_same(d.registration_number, d.contract_number, d.buyer) = ANY (told));
        told := told || ARRAY(SELECT DISTINCT deal_same(d.registration_number, d.contract_number, d.buyer)
                              FROM deal_since(before) d
                              WHERE d.buyer ->> 'uscc' = ANY (whose));
    ELSIF metric = 'introductions' THEN
        patents := deal_patents(before, ids, told);
        told := told || ARRAY(SELECT DISTINCT deal_same(d.registration_number, d.contract_number, d.buyer)
                              FROM deal_since(before) d
                              WHERE (deal_reach.agency IS NULL OR d.agency_id = deal_reach.agency) AND EXISTS (
                                  SELECT FROM jsonb_array_elements(d.rights) r (item)
                                  WHERE right_about(r.item ->> 'number', patents)));
    END IF;
    told := array_remove(told, NULL);
END
$$;

-- The rows of a metric of these contracts alone, summed as clause_figure() does it.
CREATE OR REPLACE FUNCTION clause_part(metric text, pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[], told text[],
    whose text[], patents text[])
RETURNS TABLE (agency_id int, year int, payee text, counted boolean, undetermined boolean, reason text, awaits jsonb, rows bigint,
    amount numeric, base_fen numeric, award_fen numeric, grant_fen numeric, invented bigint, late bigint, unknown bigint, capped boolean,
    contracts jsonb) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT r.agency_id, r.year, CASE WHEN r.counted THEN r.payee END, r.counted, NOT r.counted AND r.reasons = ''{}'', '
        'CASE WHEN NOT r.counted THEN coalesce(r.reasons[1], r.awaits[1]) END, '
        'CASE WHEN NOT r.counted AND r.reasons = ''{}'' THEN to_jsonb(r.awaits) ELSE ''[]'' END, count(*), coalesce(sum(r.amount), 0), '
        'coalesce(sum(r.base_fen), 0), coalesce(sum(r.award_fen), 0), coalesce(sum((r.detail ->> ''upper_grant_fen'')::numeric), 0), '
        'count(*) FILTER (WHERE r.invented), count(*) FILTER (WHERE r.late), count(*) FILTER (WHERE r.unknown), '
        'coalesce(bool_or((r.detail ->> ''capped'')::boolean) FILTER (WHERE %L <> ''introductions''), false), '
        'jsonb_agg(DISTINCT r.contract) FILTER (WHERE r.counted AND r.contract IS NOT NULL AND %L <> ''introductions'') '
        'FROM %I($1, $2, $3, $4, $5, $6%s) r GROUP BY 1, 2, 3, 4, 5, 6, 7',
        metric, metric, 'metric_' || metric || '_of',
        CASE metric WHEN 'purchases' THEN ', $7' WHEN 'introductions' THEN ', $8, NULL' ELSE '' END)
    USING pack, as_of, known_at, agency, told, ids, whose, patents;
END
$$;

-- Whether the cap took something off the award on these sums; null: the rows would have to be gone through. Amounts are never below
-- nothing, so an award that does not shrink when a row is added is capped at last if it ever was.
CREATE OR REPLACE FUNCTION sum_capped(pack jsonb, base numeric, grants numeric) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pack ->> 'cap_fen' IS NULL THEN false
                WHEN rate_fen(pack - 'cap_fen', base, grants) > (pack ->> 'cap_fen')::numeric THEN true
                WHEN rate_fen(pack - 'cap_fen', base, 0) <= (pack ->> 'cap_fen')::numeric THEN false END
$$;

-- A figure of another clause brought up to date. Of transactions the award is that on the year's sum: what a row adds to it depends on all
-- before; of the others whose awards have a cap all rows that use it up were counted.
CREATE OR REPLACE FUNCTION clause_mended(k track_kept, known_at timestamptz, touched bigint[], before timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    by_sum boolean := k.metric = 'transactions';
    reach record;
BEGIN
    IF by_sum AND k.pack ->> 'cap_per' = 'contract' THEN
        RETURN NULL;
    END IF;
    SELECT * INTO reach FROM deal_reach(k.metric, k.agency_id, touched, before);
    RETURN (
        WITH item AS MATERIALIZED ( -- what is paid to others than these buyers stays as it is
            SELECT i.item, coalesce(i.item ->> 'payee' <> ALL (reach.whose), false) AS stays FROM jsonb_array_elements(k.figure) i (item)
        ), line AS MATERIALIZED (
            SELECT 0 AS sign, f.*
            FROM jsonb_to_recordset((SELECT coalesce(jsonb_agg(i.item), '[]') FROM item i WHERE NOT i.stays)) f (agency_id int, year int, payee text, counted boolean, undetermined boolean, reason text,
                awaits jsonb, rows bigint, amount numeric, base_fen numeric, award_fen numeric, grant_fen numeric, invented bigint,
                late bigint, unknown bigint, capped boolean, contracts jsonb)
            UNION ALL
            SELECT -1, p.* FROM clause_part(k.metric, k.pack, k.as_of, before, k.agency_id, touched, reach.told, reach.whose, reach.patents) p
            UNION ALL
            SELECT 1, p.* FROM clause_part(k.metric, k.pack, k.as_of, known_at, k.agency_id, touched, reach.told, reach.whose, reach.patents) p
        ), signed AS (
            SELECT l.*, CASE WHEN l.sign < 0 THEN -1 ELSE 1 END AS times FROM line l
        ), summed AS (
            SELECT s.agency_id, s.year, s.payee, s.counted, s.undetermined, s.reason, s.awaits, sum(s.times * s.rows) AS rows,
                   sum(s.times * s.amount) AS amount, sum(s.times * s.base_fen) AS base_fen, sum(s.times * s.award_fen) AS award_fen,
                   sum(s.times * s.grant_fen) AS grant_fen, sum(s.times * s.invented) AS invented, sum(s.times * s.late) AS late,
                   sum(s.times * s.unknown) AS unknown, bool_or(s.sign <> 0) AS changed,
                   coalesce(bool_or(s.capped) FILTER (WHERE s.sign = 0), false) AS was_capped,
                   coalesce(bool_or(s.capped) FILTER (WHERE s.sign > 0), false) AS is_capped,
                   jsonb_agg(s.contracts) FILTER (WHERE s.sign = 0 AND s.contracts IS NOT NULL) AS kept,
                   jsonb_agg(s.contracts) FILTER (WHERE s.sign < 0 AND s.contracts IS NOT NULL) AS gone,
                   jsonb_agg(s.contracts) FILTER (WHERE s.sign > 0 AND s.contracts IS NOT NULL) AS come
            FROM signed s
            GROUP BY s.agency_id, s.year, s.payee, s.counted, s.undetermined, s.reason, s.awaits
            HAVING sum(s.times * s.rows) <> 0
        ), whole AS (
            SELECT s.*, CASE WHEN NOT s.changed THEN s.was_capped WHEN NOT by_sum THEN s.is_capped
                             WHEN s.counted THEN sum_capped(k.pack, s.base_fen, s.grant_fen) ELSE false END AS capped,
                   CASE WHEN s.changed THEN (
                       SELECT jsonb_agg(c.contract ORDER BY c.contract)
                       FROM ((SELECT jsonb_array_elements(s.kept -> 0) EXCEPT SELECT jsonb_array_elements(s.gone -> 0))
                             UNION SELECT jsonb_array_elements(s.come -> 0)) c (contract))
                   ELSE s.kept -> 0 END AS contracts,
                   CASE WHEN by_sum AND s.counted THEN rate_fen(k.pack, s.base_fen, s.grant_fen) ELSE s.award_fen END AS award
            FROM summed s
        )
        SELECT CASE WHEN bool_or(e.unsure) THEN NULL
                    ELSE coalesce(jsonb_agg(e.item ORDER BY (e.item ->> 'agency_id')::int, (e.item ->> 'year')::int, e.item ->> 'payee',
                                                            e.item ->> 'reason'), '[]') END
        FROM (SELECT i.item, false AS unsure FROM item i WHERE i.stays
              UNION ALL
              SELECT jsonb_build_object(
                         'place', k.place, 'metric', k.metric, 'agency_id', w.agency_id, 'year', w.year, 'payee', w.payee, 'counted',
                         w.counted, 'undetermined', w.undetermined, 'reason', w.reason, 'rows', w.rows, 'amount', w.amount, 'base_fen',
                         w.base_fen, 'award_fen', w.award, 'grant_fen', w.grant_fen, 'invented', w.invented, 'late', w.late, 'unknown',
                         w.unknown, 'capped', w.capped, 'awaits', w.awaits, 'contracts', w.contracts), w.capped IS NULL
              FROM whole w) e);
END
$$;

-- A kept figure brought up to date. Null: it has to be counted whole.
CREATE OR REPLACE FUNCTION kept_mended(k track_kept, known_at timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    touched bigint[];
    before timestamptz;
BEGIN
    SELECT t.touched, t.before INTO touched, before FROM kept_touched(k) t;
    RETURN CASE WHEN touched IS NULL THEN NULL
                WHEN touched = '{}' THEN k.figure
                WHEN k.metric IN ('patents', 'pushes', 'needs', 'deals') THEN figure_mended(k, known_at, touched, before)
                ELSE clause_mended(k, known_at, touched, before) END;
END
$$;

GRANT EXECUTE ON FUNCTION decision_deals, decision_needs, patent_deals, kept_touched, figure_mended, deal_since, deal_patents, deal_reach, clause_part, sum_capped, clause_mended,
    kept_mended TO patbridge_across, patbridge_readonly;
