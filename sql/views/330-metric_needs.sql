-- 330 metric_needs: one row per need, valid or not; repeats of an earlier counted need of the same enterprise are left out, at
-- whichever agency that stands.

-- An agency's needs (null: every one's), of `ids` (null: of all), with all that speaks against them but repetition. Keys as arrays:
-- see 345.
DROP FUNCTION IF EXISTS need_standing(jsonb, date, timestamptz);
CREATE OR REPLACE FUNCTION need_standing(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS TABLE (need_id bigint, agency_id int, source_id text, enterprise_id bigint, enterprise text, title text, text text,
    valid_from date, valid_to date, state text, recorded_at timestamptz, first_recorded_at timestamptz, batch_id bigint,
    documents jsonb, change_seq bigint, invented boolean, effective date, decided_at timestamptz, decision text, reasons text[])
LANGUAGE plpgsql STABLE ROWS 5000 SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    needs need[];
    keys text[];
    whose bigint[];
BEGIN
    needs := ARRAY(SELECT t FROM need_at(known_at) t
                   WHERE (agency IS NULL OR t.agency_id = agency) AND (ids IS NULL OR t.need_id = ANY (ids)));
    SELECT array_agg(DISTINCT t.source_id), array_agg(DISTINCT t.enterprise_id) INTO keys, whose FROM unnest(needs) t;
    RETURN QUERY
    SELECT n.need_id, n.agency_id, n.source_id, n.enterprise_id, e.name, n.title, n.text, n.valid_from, n.valid_to, n.state,
           n.recorded_at, n.first_recorded_at, n.batch_id, n.documents, n.change_seq,
           n.invented OR coalesce(e.invented, false) OR coalesce(d.invented, false), d.effective, d.decided_at, d.reason,
           array_remove(ARRAY[
               CASE WHEN n.valid_from > as_of THEN 'after_day' END,
               CASE WHEN coalesce(n.valid_to < (pack ->> 'from')::date, false) OR as_of < (pack ->> 'from')::date
                    THEN 'before_window' END,
               CASE WHEN n.valid_to < n.valid_from THEN 'bad_dates' END,
               decision_reason(d.verdict, 'need', pack -> 'accepted_kinds'),
               CASE WHEN e.division_code IS DISTINCT FROM pack ->> 'division' THEN 'not_local' END,
               CASE WHEN char_length(btrim(regexp_replace(n.text, '\s+', ' ', 'g'))) < (pack ->> 'need_text_min')::int
                    THEN 'text_too_short' END
           ], NULL)
    FROM unnest(needs) n
        LEFT JOIN (SELECT * FROM enterprise_at(known_at) o WHERE o.enterprise_id = ANY (whose)) e ON e.enterprise_id = n.enterprise_id
        LEFT JOIN (SELECT * FROM decision_at('need', as_of, known_at) o
                   WHERE (agency IS NULL OR o.agency_id = agency) AND (ids IS NULL OR o.key = ANY (keys))) d
            ON d.agency_id = n.agency_id AND d.key = n.source_id;
END
$$;

-- All needs of the enterprises that these are of; null where `these` is.
CREATE OR REPLACE FUNCTION need_near(known_at timestamptz, these bigint[]) RETURNS bigint[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    whose bigint[];
BEGIN
    IF these IS NULL THEN
        RETURN NULL;
    END IF;
    whose := ARRAY(SELECT DISTINCT n.enterprise_id FROM need_at(known_at) n WHERE n.need_id = ANY (these));
    RETURN ARRAY(SELECT n.need_id FROM need_at(known_at) n WHERE n.enterprise_id = ANY (whose));
END
$$;

-- Which need repeats which. Earlier = accepted, then valid from, then recorded. One that repeats only a need that is itself left
-- out is none: so the pairs are gone through in the order of the later one. Those of the enterprises of an agency's needs (null: all), or of
-- the needs `these` (null: all).
DROP FUNCTION IF EXISTS need_repeat(jsonb, date, timestamptz);
DROP FUNCTION IF EXISTS need_repeat(jsonb, date, timestamptz, int);
CREATE OR REPLACE FUNCTION need_repeat(pack jsonb, as_of date, known_at timestamptz, agency int, these bigint[])
RETURNS TABLE (need_id bigint, repeats bigint, jaccard double precision) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    pair record;
    ids bigint[];
    near bigint[]; -- all needs of the enterprises of these
    of_enterprise bigint;
    dropped jsonb := '{}'; -- of this enterprise
BEGIN
    near := need_near(known_at, these);
    ids := ARRAY(SELECT p.need_id FROM need_pair p WHERE these IS NULL OR p.need_id = ANY (near)
                 UNION SELECT p.other_id FROM need_pair p WHERE these IS NULL OR p.need_id = ANY (near)
                 UNION SELECT (g.item ->> 0)::bigint FROM jsonb_array_elements(pack -> 'pairs') g (item)
                 UNION SELECT (g.item ->> 1)::bigint FROM jsonb_array_elements(pack -> 'pairs') g (item));
    IF agency IS NOT NULL THEN
        ids := ARRAY(WITH paired AS MATERIALIZED (
                         SELECT n.need_id, n.agency_id, n.enterprise_id FROM need_at(known_at) n WHERE n.need_id = ANY (ids))
                     SELECT p.need_id FROM paired p
                     WHERE p.enterprise_id IN (SELECT o.enterprise_id FROM paired o WHERE o.agency_id = agency));
    END IF;
    FOR pair IN
        WITH known AS MATERIALIZED (
            SELECT p.need_id AS one, p.other_id AS other, p.need_seq AS one_seq, p.other_seq, p.jaccard AS alike FROM need_pair p
            WHERE these IS NULL OR p.need_id = ANY (near)
            UNION ALL -- of needs whose version at that moment is not today's: given by the caller
            SELECT (g.item ->> 0)::bigint, (g.item ->> 1)::bigint, (g.item ->> 2)::bigint, (g.item ->> 3)::bigint,
                   (g.item ->> 4)::double precision
            FROM jsonb_array_elements(pack -> 'pairs') g (item)
        ), standing AS MATERIALIZED ( -- of those in a pair
            SELECT s.need_id AS id, s.enterprise_id, s.change_seq,
                   row_number() OVER (ORDER BY s.effective NULLS LAST, s.valid_from, s.first_recorded_at, s.need_id) AS place
            FROM need_standing(pack, as_of, known_at, NULL, ids) s
            WHERE s.reasons = '{}'
        )
        SELECT DISTINCT b.enterprise_id, CASE WHEN a.place < b.place THEN b.id ELSE a.id END AS later,
               CASE WHEN a.place < b.place THEN a.id ELSE b.id END AS earlier,
               greatest(a.place, b.place) AS later_place, least(a.place, b.place) AS earlier_place, k.alike
        FROM known k JOIN standing a ON a.id = k.one AND a.change_seq = k.one_seq
            JOIN standing b ON b.id = k.other AND b.change_seq = k.other_seq
        WHERE k.alike >= (pack ->> 'need_jaccard')::double precision
        ORDER BY b.enterprise_id, later_place, earlier_place
    LOOP
        IF of_enterprise IS DISTINCT FROM pair.enterprise_id THEN
            of_enterprise := pair.enterprise_id;
            dropped := '{}';
        END IF;
        CONTINUE WHEN dropped ? pair.later::text OR dropped ? pair.earlier::text;
        dropped := dropped || jsonb_build_object(pair.later::text, 1);
        need_id := pair.later;
        repeats := pair.earlier;
        jaccard := pair.alike;
        RETURN NEXT;
    END LOOP;
END
$$;

-- The rows of the metric; ids: of these needs alone (null: of all).
CREATE OR REPLACE FUNCTION metric_needs_of(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH in_time AS MATERIALIZED ( -- as they were known when the day was over
        SELECT * FROM need_at(least(known_at, day_over(as_of, pack ->> 'time_zone') - interval '1 microsecond')) n
        WHERE (agency IS NULL OR n.agency_id = agency) AND (ids IS NULL OR n.need_id = ANY (ids))
    ), candidate AS (
        SELECT s.*, r.repeats, r.jaccard, other.agency_id AS other_agency, other.source_id AS other_source,
               t.need_id IS NOT NULL AS in_time,
               CASE WHEN r.need_id IS NULL THEN s.reasons ELSE s.reasons || 'near_duplicate'::text END AS why
        FROM need_standing(pack, as_of, known_at, agency, ids) s
            LEFT JOIN need_repeat(pack, as_of, known_at, agency, ids) r ON r.need_id = s.need_id
            LEFT JOIN need other ON other.need_id = r.repeats
            LEFT JOIN in_time t ON t.need_id = s.need_id AND t.enterprise_id = s.enterprise_id AND t.title = s.title
                AND t.text = s.text AND t.valid_from = s.valid_from AND t.valid_to IS NOT DISTINCT FROM s.valid_to
        WHERE agency IS NULL OR s.agency_id = agency
    )
    SELECT c.agency_id, c.source_id, c.title, c.enterprise, c.valid_from, c.recorded_at, c.batch_id, c.documents,
           c.why = '{}', c.why = '{}', c.why,
           jsonb_strip_nulls(jsonb_build_object('valid_to', c.valid_to, 'state', c.state, 'accepted', c.effective,
               'decision', c.decision, 'jaccard', round(c.jaccard::numeric, 4), 'repeats',
               CASE WHEN c.other_agency = c.agency_id THEN c.other_source WHEN c.repeats IS NOT NULL THEN '*' END)),
           c.invented, NOT c.in_time OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'), false,
           c.state NOT IN ('closed', 'rejected') AND coalesce(c.valid_to >= as_of, true)
    FROM candidate c
$$;

CREATE OR REPLACE FUNCTION metric_needs(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_needs_of(pack, as_of, known_at, agency, NULL)
$$;

GRANT EXECUTE ON FUNCTION need_standing, need_near, need_repeat, metric_needs, metric_needs_of TO patbridge_service, patbridge_across, patbridge_readonly;
