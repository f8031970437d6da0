-- 350 metric_deals: one row per contract (or per right in it, where the pack's deal_unit says so) that an agency recorded.

-- Here `ids` are these contracts alone; null: all.

-- The rights in an agency's contracts (null: every one's), with the patent that each is.
DROP FUNCTION IF EXISTS deal_entry(jsonb, timestamptz, int);
CREATE OR REPLACE FUNCTION deal_entry(pack jsonb, known_at timestamptz, agency int, ids bigint[])
RETURNS TABLE (deal_id bigint, agency_id int, contract_date date, buyer text, number text, unit bigint, patent_id bigint,
    is_invention boolean, invented boolean) LANGUAGE plpgsql STABLE ROWS 5000 SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    deals deal[];
    numbers text[];
    patents bigint[];
BEGIN
    deals := ARRAY(SELECT t FROM deal_at(known_at) t
                   WHERE (agency IS NULL OR t.agency_id = agency) AND (ids IS NULL OR t.deal_id = ANY (ids)));
    numbers := ARRAY(SELECT DISTINCT split_part(r.item ->> 'number', '.', 1)
                     FROM unnest(deals) t CROSS JOIN LATERAL jsonb_array_elements(t.rights) r (item));
    patents := ARRAY(SELECT DISTINCT a.patent_id FROM patent_alias a WHERE a.number = ANY (numbers));
    RETURN QUERY
    SELECT t.deal_id, t.agency_id, t.contract_date, t.buyer ->> 'uscc', r.item ->> 'number',
           CASE WHEN pack ->> 'deal_unit' = 'patent' THEN r.place ELSE 0 END, a.patent_id,
           r.item ->> 'type' = 'invention' AND coalesce(p.type = 'invention', true), coalesce(p.invented, false)
    FROM unnest(deals) t LEFT JOIN LATERAL jsonb_array_elements(t.rights) WITH ORDINALITY r (item, place) ON true
        LEFT JOIN (SELECT * FROM patent_alias o WHERE o.number = ANY (numbers)) a
            ON a.number = split_part(r.item ->> 'number', '.', 1)
        LEFT JOIN (SELECT * FROM patent o WHERE o.patent_id = ANY (patents)) p ON p.patent_id = a.patent_id;
END
$$;

-- What enterprises had looked up of these patents when the day was over, at an agency (null: at any).
CREATE OR REPLACE FUNCTION lookup_known(pack jsonb, as_of date, known_at timestamptz, agency int, patents bigint[])
RETURNS TABLE (agency_id int, patent_id bigint, enterprise_uscc text, looked_on date, invented boolean) LANGUAGE plpgsql STABLE ROWS 1000
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
    SELECT l.agency_id, l.patent_id, e.uscc, (l.at AT TIME ZONE (pack ->> 'time_zone'))::date, l.invented OR e.invented
    FROM patent_lookup l JOIN enterprise e ON e.enterprise_id = l.enterprise_id
    WHERE l.patent_id = ANY (patents) AND (agency IS NULL OR l.agency_id = agency)
        AND l.at <= known_at AND l.at < day_over(as_of, pack ->> 'time_zone');
END
$$;

-- An agency's contracts with what their buyers had had delivered, and had looked up, before the contract date.
DROP FUNCTION IF EXISTS deal_support(jsonb, date, timestamptz, int);
DROP FUNCTION IF EXISTS deal_support(jsonb, date, timestamptz, int, bigint[]); -- its columns were fewer
CREATE OR REPLACE FUNCTION deal_support(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS TABLE (deal_id bigint, unit bigint, inventions bigint, rights bigint, numbers jsonb, delivered bigint, first_on date,
    push_key text, looked_up bigint, looked_on date, supported bigint, invented boolean, late boolean) LANGUAGE sql STABLE AS $$
    WITH entry AS MATERIALIZED (
        SELECT * FROM deal_entry(pack, known_at, agency, ids)
    ), wanted AS MATERIALIZED (
        SELECT coalesce(array_agg(DISTINCT n.patent_id), '{}') AS patents FROM entry n WHERE n.is_invention
    ), served AS ( -- of several pushes of a patent one that is not made up, then the earliest, stands for it
        SELECT e.*, s.delivered_on, s.key AS push_key, s.invented AS push_invented, s.late AS push_late,
               row_number() OVER (PARTITION BY e.deal_id, e.unit, e.patent_id ORDER BY s.invented, s.late, s.delivered_on,
                                 e.is_invention DESC, s.key, e.number) AS place
        FROM entry e LEFT JOIN push_delivery_of(pack, as_of, known_at, agency, (SELECT w.patents FROM wanted w)) s
            ON e.is_invention AND s.agency_id = e.agency_id AND s.patent_id = e.patent_id AND s.enterprise_uscc = e.buyer
                AND s.delivered_on < e.contract_date
    ), based AS ( -- a look-up is never late: it stands in for a push that is, and for one that is made up
        SELECT v.*, l.looked_on, v.push_key IS NOT NULL OR l.looked_on IS NOT NULL AS supported,
               v.invented OR coalesce(v.push_invented, true) AND coalesce(l.invented, true) AS support_invented,
               v.push_key IS NOT NULL AND v.push_late AND NOT (l.looked_on IS NOT NULL AND l.invented <= v.push_invented) AS support_late
        FROM served v LEFT JOIN lookup_known(pack, as_of, known_at, agency, (SELECT w.patents FROM wanted w)) l
            ON v.is_invention AND l.agency_id = v.agency_id AND l.patent_id = v.patent_id AND l.enterprise_uscc = v.buyer
                AND l.looked_on < v.contract_date
        WHERE v.place = 1 OR v.patent_id IS NULL
    )
    SELECT b.deal_id, b.unit, count(*) FILTER (WHERE b.is_invention), count(*), jsonb_agg(b.number),
           count(b.push_key), min(b.delivered_on), min(b.push_key), count(b.looked_on), min(b.looked_on), count(*) FILTER (WHERE b.supported),
           bool_and(b.support_invented) FILTER (WHERE b.supported), bool_and(b.support_late) FILTER (WHERE b.supported)
    FROM based b
    GROUP BY b.deal_id, b.unit
$$;

-- Which of an agency's contracts are told twice, or by another agency.
DROP FUNCTION IF EXISTS deal_twin(timestamptz, int);
CREATE OR REPLACE FUNCTION deal_twin(known_at timestamptz, agency int, ids bigint[]) RETURNS TABLE (deal_id bigint) LANGUAGE plpgsql STABLE ROWS 100
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    registrations text[];
    contracts text[];
BEGIN
    SELECT array_agg(d.registration_number), array_agg(d.contract_number) INTO registrations, contracts
    FROM deal_at(known_at) d WHERE (agency IS NULL OR d.agency_id = agency) AND (ids IS NULL OR d.deal_id = ANY (ids));
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT d.deal_id, d.registration_number, d.contract_number, d.buyer ->> 'uscc' AS buyer FROM deal_at(known_at) d
        WHERE d.registration_number = ANY (registrations) OR d.contract_number = ANY (contracts)
    ), counted AS (
        SELECT n.deal_id, n.registration_number IS NOT NULL AND count(*) OVER (PARTITION BY n.registration_number) > 1
                   OR count(*) OVER (PARTITION BY n.contract_number, n.buyer) > 1 AS conflict
        FROM near n
    )
    SELECT c.deal_id FROM counted c WHERE c.conflict;
END
$$;

CREATE OR REPLACE FUNCTION metric_deals_of(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH named AS MATERIALIZED (
        SELECT (p.d).*, p.registered_name AS buyer_name, p.buyer_invented, p.linked, p.verdict, p.effective, p.decided_at, p.decision,
               p.decision_invented
        FROM deal_party(as_of, known_at, agency, false, NULL, ids, linked_said(pack)) p WHERE agency IS NULL OR (p.d).agency_id = agency
    ), in_time AS MATERIALIZED (
        SELECT * FROM deal_at(least(known_at, day_over(as_of, pack ->> 'time_zone') - interval '1 microsecond')) t
        WHERE (agency IS NULL OR t.agency_id = agency) AND (ids IS NULL OR t.deal_id = ANY (ids))
    ), judged AS (
        SELECT n.*, u.unit, u.inventions, u.rights AS right_count, u.numbers, u.delivered, u.first_on, u.push_key, u.looked_up, u.looked_on,
               u.supported,
               coalesce(u.invented, false) AS support_invented, coalesce(u.late, false) AS support_late,
               t.deal_id IS NOT NULL AS in_time,
               coalesce(n.affiliated, false) OR n.linked AS is_affiliated,
               btrim(coalesce(n.registration_number, '')) <> '' AND coalesce(n.registration_date <= as_of, true) AS is_registered,
               w.deal_id IS NOT NULL AS conflict
        FROM named n LEFT JOIN deal_twin(known_at, agency, ids) w ON w.deal_id = n.deal_id
            JOIN deal_support(pack, as_of, known_at, agency, ids) u ON u.deal_id = n.deal_id
            LEFT JOIN in_time t ON t.deal_id = n.deal_id AND t.contract_date = n.contract_date AND t.mode = n.mode
                AND t.rights = n.rights AND t.seller = n.seller AND t.buyer = n.buyer
                AND t.affiliated IS NOT DISTINCT FROM n.affiliated
                AND t.registration_number IS NOT DISTINCT FROM n.registration_number
                AND t.registration_date IS NOT DISTINCT FROM n.registration_date
    ), candidate AS (
        SELECT j.*,
               array_remove(ARRAY[
                   CASE WHEN j.contract_date > as_of THEN 'after_day' END,
                   CASE WHEN j.contract_date < (pack ->> 'from')::date THEN 'before_window' END,
                   decision_reason(j.verdict, 'deal', pack -> 'accepted_kinds'),
                   CASE WHEN pack -> 'taken' ? (j.agency_id || '/' || j.contract_number) THEN 'counted_elsewhere' END,
                   CASE WHEN j.inventions = 0 THEN 'no_invention' END,
                   CASE WHEN j.inventions > 0 AND j.buyer ->> 'uscc' IS NULL THEN 'buyer_unknown'
                        WHEN j.inventions > 0 AND j.supported = 0 THEN 'no_push_before' END
               ], NULL) AS against,
               array_remove(ARRAY[
                   CASE WHEN NOT j.is_registered THEN 'not_registered' END,
                   CASE WHEN j.is_affiliated THEN 'affiliated' END
               ], NULL) AS against_strict
        FROM judged j
    )
    SELECT c.agency_id, c.contract_number || coalesce('/' || nullif(c.unit, 0), ''), c.mode,
           coalesce(c.buyer ->> 'name', c.buyer_name), c.contract_date, c.recorded_at, c.batch_id, c.documents,
           c.against = '{}' AND (c.against_strict = '{}' OR pack ->> 'deal_figure' = 'literal'), c.against = '{}',
           CASE WHEN pack ->> 'deal_figure' = 'literal' THEN c.against ELSE c.against || c.against_strict END,
           jsonb_strip_nulls(jsonb_build_object('contract', c.contract_number, 'seller', c.seller ->> 'name',
               'patents', c.inventions, 'rights', c.right_count,
               'numbers', c.numbers, 'delivered', c.delivered, 'first_delivered', c.first_on, 'push', c.push_key,
               'looked_up', nullif(c.looked_up, 0), 'first_looked_up', c.looked_on,
               'registration_number', c.registration_number, 'registration_date', c.registration_date,
               'affiliated', c.is_affiliated, 'conflict', nullif(c.conflict, false), 'decision', c.decision)),
           c.invented OR c.buyer_invented OR c.support_invented OR c.decision_invented,
           NOT c.in_time OR c.support_late OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           c.affiliated IS NULL, false
    FROM candidate c
$$;

CREATE OR REPLACE FUNCTION metric_deals(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_deals_of(pack, as_of, known_at, agency, NULL)
$$;

GRANT EXECUTE ON FUNCTION deal_entry, lookup_known, deal_support, deal_twin, metric_deals, metric_deals_of TO patbridge_service, patbridge_across, patbridge_readonly;
