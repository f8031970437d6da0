-- 397 page: which patents, needs, contracts … the next rows of a metric are about, so that a page is counted without counting the whole
-- metric. A page is counted anew each time: nothing is kept for it that a change could make wrong.

-- The patents behind the next rows of an agency's patents after the key `after`, and their keys: those `most` that any row may be about.
-- An agency that holds many of all patents is read along the numbers of all (index patent_page); of another its own are put in order.
CREATE OR REPLACE FUNCTION page_of_patents(as_of date, known_at timestamptz, agency int, after text, most int)
RETURNS TABLE (patent_id bigint, key text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    roots bigint[]; -- what others were found to be: held where one of those is
BEGIN
    IF (SELECT count(*) FROM patent_holding h WHERE h.agency_id = agency AND h.superseded_at IS NULL) * 40
           < (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'patent'::regclass) THEN
        RETURN QUERY
        SELECT p.patent_id, coalesce(p.application_number, p.publication_number) COLLATE "C" AS number
        FROM patent_held_merged(as_of, known_at, agency) h CROSS JOIN LATERAL (
            SELECT * FROM patent_at(known_at) o WHERE o.patent_id = h.patent_id OFFSET 0) p -- one by one, as in 310
        WHERE coalesce(p.application_number, p.publication_number) COLLATE "C" > after
        ORDER BY number LIMIT most;
        RETURN;
    END IF;
    roots := ARRAY(SELECT m.merged_into FROM patent_at(known_at) m WHERE m.merged_into IS NOT NULL);
    RETURN QUERY
    SELECT n.patent_id, n.number
    FROM ((SELECT p.patent_id, coalesce(p.application_number, p.publication_number) COLLATE "C" AS number
           FROM patent p
           WHERE coalesce(p.application_number, p.publication_number) COLLATE "C" > after AND p.recorded_at <= known_at
               AND coalesce((SELECT true FROM patent_holding h -- one by one: not every one that the agency holds is asked for first
                             WHERE h.patent_id = p.patent_id AND h.agency_id = agency AND h.superseded_at IS NULL),
                            (SELECT true FROM patent_holding h
                             WHERE h.patent_id = p.patent_id AND h.agency_id = agency AND h.superseded_at IS NOT NULL LIMIT 1),
                            p.patent_id = ANY (roots))
           ORDER BY number LIMIT most)
          UNION ALL -- of those that say something else today
          SELECT o.patent_id, coalesce(o.application_number, o.publication_number) COLLATE "C"
          FROM (SELECT (jsonb_populate_record(NULL::patent, v.record)).* FROM patent_version v
                WHERE v.recorded_at <= known_at AND v.superseded_at > known_at) o
          WHERE EXISTS (SELECT FROM patent_holding h WHERE h.patent_id = o.patent_id AND h.agency_id = agency)
              OR o.patent_id = ANY (roots)) n
    WHERE n.number > after
    ORDER BY n.number LIMIT most;
END
$$;

-- The same of pushes: those of this system, and those declared.
CREATE OR REPLACE FUNCTION page_of_pushes(known_at timestamptz, agency int, after text, most int)
RETURNS TABLE (patent_id bigint, key text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    id uuid; -- the order of ids is that of their texts; a declared push has none
BEGIN
    IF after ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        id := after;
    END IF;
    RETURN QUERY
    SELECT n.patent_id, n.name
    FROM ((SELECT p.patent_id, p.push_id::text COLLATE "C" AS name
           FROM push p
           WHERE p.agency_id = agency AND p.created_at <= known_at AND (id IS NULL OR p.push_id > id)
               AND p.push_id::text COLLATE "C" > after
           ORDER BY p.push_id LIMIT most)
          UNION ALL
          SELECT a.patent_id, (split_part(p.patent, '.', 1) || '/' || p.enterprise_uscc) COLLATE "C"
          FROM declared_push_at(known_at) p LEFT JOIN patent_alias a ON a.number = split_part(p.patent, '.', 1)
          WHERE p.agency_id = agency) n
    WHERE n.name > after
    ORDER BY n.name LIMIT most;
END
$$;

-- The same of needs, enterprises and invoices; `most`, and others of the last one's key.
CREATE OR REPLACE FUNCTION page_of_facts(wanted text, as_of date, known_at timestamptz, agency int, after text, most int)
RETURNS TABLE (id bigint, key text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    IF wanted = 'needs' THEN
        RETURN QUERY
        SELECT n.need_id, n.source_id COLLATE "C" AS name FROM need_at(known_at) n
        WHERE n.agency_id = agency AND n.source_id COLLATE "C" > after
        ORDER BY name FETCH FIRST most ROWS WITH TIES;
    ELSIF wanted = 'sales' THEN
        RETURN QUERY
        SELECT s.sale_id, s.invoice COLLATE "C" AS name FROM sale_at(known_at) s
        WHERE s.agency_id = agency AND s.invoice COLLATE "C" > after
        ORDER BY name FETCH FIRST most ROWS WITH TIES;
    ELSE
        RETURN QUERY
        SELECT n.enterprise_id, n.name
        FROM ((SELECT e.enterprise_id, e.uscc COLLATE "C" AS name FROM enterprise e
               WHERE e.uscc COLLATE "C" > after AND e.recorded_at <= known_at
                   AND e.enterprise_id IN (SELECT h.record_id FROM record_held('enterprise', as_of, known_at, agency) h)
               ORDER BY name FETCH FIRST most ROWS WITH TIES)
              UNION ALL -- of those that say something else today
              SELECT o.enterprise_id, o.uscc COLLATE "C"
              FROM (SELECT (jsonb_populate_record(NULL::enterprise, v.record)).* FROM register_version v
                    WHERE v.kind = 'enterprise' AND v.recorded_at <= known_at AND v.superseded_at > known_at) o
              WHERE o.enterprise_id IN (SELECT h.record_id FROM record_held('enterprise', as_of, known_at, agency) h)) n
        WHERE n.name > after
        ORDER BY n.name FETCH FIRST most ROWS WITH TIES;
    END IF;
END
$$;

-- The contracts that the next `most` rows may be of. A row's key is its contract's number, with or without more behind it: so rows behind
-- `after` are of contracts whose number is behind it, or is what it begins with. last: rows of a key up to it are of these contracts; null:
-- all rows are.
CREATE OR REPLACE FUNCTION page_of_contracts(wanted text, known_at timestamptz, agency int, after text, most int,
    OUT ids bigint[], OUT last text) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    begun bigint[];
    found int;
BEGIN
    begun := ARRAY(SELECT d.deal_id FROM deal_at(known_at) d
                   WHERE d.agency_id = agency AND d.contract_number = ANY (
                       ARRAY(SELECT left(after, n) FROM generate_series(1, length(after)) n)));
    WITH next AS (
        SELECT d.deal_id, d.contract_number COLLATE "C" AS number,
               CASE WHEN wanted = 'purchases' THEN greatest(jsonb_array_length(d.payments), 1) ELSE 1 END AS rows
        FROM deal_at(known_at) d
        WHERE d.agency_id = agency AND d.contract_number COLLATE "C" > after
        ORDER BY number FETCH FIRST (most + 2) ROWS WITH TIES
    ), summed AS (
        SELECT n.*, count(*) OVER () AS found, dense_rank() OVER (ORDER BY n.number) AS place,
               sum(n.rows) OVER (ORDER BY n.number) - n.rows AS before
        FROM next n
    ), needed AS ( -- and one more, since the last one's rows may stand behind its number
        SELECT s.* FROM summed s WHERE s.place <= 1 + (SELECT max(o.place) FROM summed o WHERE o.before < most)
    )
    SELECT array_agg(n.deal_id), max(n.number), max(n.found) INTO ids, last, found FROM needed n;
    IF coalesce(cardinality(ids), 0) = coalesce(found, 0) AND coalesce(found, 0) < most + 2 THEN
        last := NULL; -- there are none behind
    END IF;
    ids := begun || coalesce(ids, '{}');
END
$$;

-- The ids behind the next `most` rows: of patents, of pushes the patents that they are about, of all others their own. last: the key up to
-- which these are all rows; null: there are none behind. ids null: not every one of them is about a patent that is known here, and the
-- metric has to be counted whole.
DROP FUNCTION IF EXISTS page_patents(text, date, timestamptz, int, text, int);
CREATE OR REPLACE FUNCTION page_ids(wanted text, as_of date, known_at timestamptz, agency int, after text, most int,
    OUT ids bigint[], OUT last text) LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF wanted = 'patents' THEN
        SELECT CASE WHEN count(*) FILTER (WHERE n.patent_id IS NULL) = 0 THEN coalesce(array_agg(DISTINCT n.patent_id), '{}') END,
               CASE WHEN count(*) = most THEN max(n.key COLLATE "C") END
        INTO ids, last FROM page_of_patents(as_of, known_at, agency, after, most) n;
    ELSIF wanted = 'pushes' THEN
        SELECT CASE WHEN count(*) FILTER (WHERE n.patent_id IS NULL) = 0 THEN coalesce(array_agg(DISTINCT n.patent_id), '{}') END,
               CASE WHEN count(*) = most THEN max(n.key COLLATE "C") END
        INTO ids, last FROM page_of_pushes(known_at, agency, after, most) n;
    ELSIF wanted IN ('needs', 'enterprises', 'sales') THEN
        SELECT coalesce(array_agg(n.id), '{}'), CASE WHEN count(*) >= most THEN max(n.key COLLATE "C") END
        INTO ids, last FROM page_of_facts(wanted, as_of, known_at, agency, after, most) n;
    ELSE
        SELECT n.ids, n.last INTO ids, last FROM page_of_contracts(wanted, known_at, agency, after, most) n;
    END IF;
END
$$;

-- The rows of these contracts, and what else uses up the same cap or tells the same: those of the contracts are what counting all gives.
CREATE OR REPLACE FUNCTION metric_purchases_near(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS SETOF clause_row LANGUAGE plpgsql STABLE AS $$
DECLARE
    reach record;
BEGIN
    SELECT * INTO reach FROM deal_reach('purchases', agency, ids, known_at);
    RETURN QUERY EXECUTE 'SELECT * FROM metric_purchases_of($1, $2, $3, $4, $5, $6, $7)'
        USING pack, as_of, known_at, agency, reach.told, ids, reach.whose;
END
$$;

CREATE OR REPLACE FUNCTION metric_licences_near(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS SETOF clause_row LANGUAGE plpgsql STABLE AS $$
DECLARE
    reach record;
BEGIN
    SELECT * INTO reach FROM deal_reach('licences', agency, ids, known_at);
    RETURN QUERY EXECUTE 'SELECT * FROM metric_licences_of($1, $2, $3, $4, $5, $6)'
        USING pack, as_of, known_at, agency, reach.told, ids;
END
$$;

-- The years of these contracts.
CREATE OR REPLACE FUNCTION page_years(known_at timestamptz, page bigint[]) RETURNS int[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT year_of(d.registration_date) FROM deal_at(known_at) d WHERE d.deal_id = ANY (page));
END
$$;

-- The years in which a patent of these contracts stands in two of the agency's, or twice in one: only there may it be left out although its
-- contract counts.
CREATE OR REPLACE FUNCTION page_years_shared(known_at timestamptz, agency int, page bigint[], patents text[]) RETURNS int[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT e.year
        FROM (SELECT year_of(d.registration_date) AS year, d.deal_id, r.item ->> 'number' AS number
              FROM deal_at(known_at) d CROSS JOIN LATERAL jsonb_array_elements(d.rights) r (item)
              WHERE d.agency_id = agency AND d.registration_date IS NOT NULL AND right_about(r.item ->> 'number', patents)) e
            LEFT JOIN patent_alias p ON p.number = split_part(e.number, '.', 1)
        GROUP BY e.year, coalesce(p.patent_id::text, e.number) HAVING count(*) > 1 AND bool_or(e.deal_id = ANY (page)));
END
$$;

-- What has to be counted with the page's contracts, so that their rows of transactions and introductions are what counting all gives. What a
-- contract is awarded, whether a cap took something off it, and whether its patent counts, depends on the agency's contracts of its year
-- that count: where that is asked of a year, they are counted with it, and the others are not. Which of them may count is what the metric
-- says of a contract before it asks about others (and about its rights, which takes longer than counting some too many).
-- patents: those in the page's contracts, of which one counts once; null: that is not asked.
-- told, alone: by what all of these are known, and those that are known by nothing; numbers: the contracts whose rows are needed.
DROP FUNCTION IF EXISTS page_transactions(jsonb, date, timestamptz, int, bigint[], boolean, text[]);
CREATE OR REPLACE FUNCTION page_transactions(pack jsonb, as_of date, known_at timestamptz, agency int, page bigint[], years int[],
    patents text[], OUT told text[], OUT alone bigint[], OUT numbers text[]) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    WITH near AS (
        SELECT d.deal_id, d.contract_number, d.rights, deal_same(d.registration_number, d.contract_number, d.buyer) AS same
        FROM deal_at(known_at) d
        WHERE d.agency_id = agency
            AND (d.deal_id = ANY (page)
                 OR year_of(d.registration_date) = ANY (years)
                    AND transaction_reasons(pack, as_of, d.registration_number, d.registration_date, NULL, NULL, NULL,
                                            coalesce(d.led_by_agency, false), NULL, coalesce(d.affiliated, false),
                                            deal_implemented(pack, as_of, d.implemented_division, d.implemented_date)) = '{}')
    )
    SELECT array_agg(n.same) FILTER (WHERE n.same IS NOT NULL), coalesce(array_agg(n.deal_id) FILTER (WHERE n.same IS NULL), '{}'),
           array_agg(n.contract_number) FILTER (WHERE n.deal_id = ANY (page) OR patents IS NOT NULL AND EXISTS (
               SELECT FROM jsonb_array_elements(n.rights) r (item) WHERE right_about(r.item ->> 'number', patents)))
    INTO told, alone, numbers FROM near n;
END
$$;

-- shown: only rows that count, or that do not; of the latter nothing is awarded.
CREATE OR REPLACE FUNCTION metric_transactions_near(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[], shown boolean)
RETURNS SETOF clause_row LANGUAGE plpgsql STABLE AS $$
DECLARE
    years int[] := CASE WHEN shown IS NOT false THEN page_years(known_at, ids) END;
    near record;
BEGIN
    SELECT * INTO near FROM page_transactions(pack, as_of, known_at, agency, ids, years, NULL);
    RETURN QUERY EXECUTE 'SELECT * FROM metric_transactions_of($1, $2, $3, $4, $5, $6) r WHERE r.contract = ANY ($7)'
        USING pack, as_of, known_at, agency, near.told, near.alone, near.numbers;
END
$$;

-- shown: as above; but a patent that another contract brought is left out, and yet says whether its own contract's award was capped.
DROP FUNCTION IF EXISTS metric_introductions_near(jsonb, date, timestamptz, int, bigint[]);
CREATE OR REPLACE FUNCTION metric_introductions_near(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[], shown boolean)
RETURNS SETOF clause_row LANGUAGE plpgsql STABLE AS $$
DECLARE
    patents text[] := deal_patents(known_at, ids, NULL);
    years int[] := CASE WHEN shown IS NOT false THEN page_years(known_at, ids)
                        ELSE page_years_shared(known_at, agency, ids, patents) END;
    near record;
BEGIN
    SELECT * INTO near FROM page_transactions(pack, as_of, known_at, agency, ids, years, patents);
    RETURN QUERY EXECUTE 'SELECT * FROM metric_introductions_of($1, $2, $3, $4, $5, $6, $7, $8)'
        USING pack, as_of, known_at, agency, near.told, near.alone, patents, near.numbers;
END
$$;

GRANT EXECUTE ON FUNCTION page_of_patents, page_of_pushes, page_of_facts, page_of_contracts, page_ids, metric_purchases_near,
    metric_licences_near, page_years, page_years_shared, page_transactions, metric_transactions_near, metric_introductions_near TO patbridge_across, patbridge_readonly;
