-- 345 deal_fact: every agency's contracts with what the clauses ask of them.

-- The names under which a party may stand in somebody's list of affiliates.
CREATE OR REPLACE FUNCTION party_keys(party jsonb, registered text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY[folded_name(party ->> 'uscc'), folded_name(party ->> 'name'), folded_name(registered)], NULL)
$$;

-- An overseas number that names no granted patent: a PCT publication, an application, its publication.
CREATE OR REPLACE FUNCTION is_overseas_application(number text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT number ~ '^(WO|PCT)' OR number ~ '^US[0-9]{10,11}A[0-9]?$' OR number ~ '^US[0-9]{2}/?[0-9]{6}$'
        OR number ~ '^EP[0-9]{7}A[0-9]?$' OR number ~ '^JP[0-9-]+A$'
$$;

CREATE OR REPLACE FUNCTION deal_fact(pack jsonb, as_of date, known_at timestamptz)
RETURNS TABLE (deal_id bigint, agency_id int, contract_number text, mode text, rights jsonb, seller jsonb, buyer jsonb,
    buyer_name text, local boolean, amount_fen bigint, payments jsonb, contract_date date, registration_number text,
    registration_date date, registered boolean, led boolean, implemented boolean, affiliated boolean, unsaid boolean,
    upper_grant_fen bigint, documents jsonb, recorded_at timestamptz, first_recorded_at timestamptz, batch_id bigint,
    invented boolean, late boolean, decision text, against text, same text, conflict boolean,
    settled date, left_on date)
LANGUAGE sql STABLE AS $$
    WITH party AS MATERIALIZED (
        SELECT e.uscc, e.name, e.division_code, e.invented, e.affiliates FROM enterprise_at(known_at) e
    ), link AS MATERIALIZED ( -- who says that somebody is an affiliate
        SELECT DISTINCT o.key AS owner, folded_name(x.name) AS other
        FROM party p CROSS JOIN LATERAL unnest(ARRAY[folded_name(p.uscc), folded_name(p.name)]) o (key)
            CROSS JOIN LATERAL unnest(p.affiliates) x (name)
        WHERE cardinality(p.affiliates) > 0 -- first: folding names is dear
    ), named AS MATERIALIZED (
        SELECT d.*, b.name AS registered_name, b.division_code, coalesce(b.invented, false) AS buyer_invented,
               party_keys(d.seller, s.name) AS seller_keys, party_keys(d.buyer, b.name) AS buyer_keys,
               coalesce('R' || nullif(btrim(d.registration_number), ''), 'C' || d.contract_number || '/' || (d.buyer ->> 'uscc'))
                   AS same,
               fact_is_late('deal', d.deal_id, to_jsonb(d), d.recorded_at, day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM deal_at(known_at) d LEFT JOIN party b ON b.uscc = d.buyer ->> 'uscc' LEFT JOIN party s ON s.uscc = d.seller ->> 'uscc'
    ), side AS MATERIALIZED ( -- parties that stand in some list, on either end: few
        SELECT n.deal_id, k.sells, k.key
        FROM named n CROSS JOIN LATERAL (SELECT true, s.key FROM unnest(n.seller_keys) s (key)
                                         UNION ALL SELECT false, b.key FROM unnest(n.buyer_keys) b (key)) k (sells, key)
        WHERE k.key IN (SELECT l.owner FROM link l UNION SELECT l.other FROM link l)
    ), linked AS MATERIALIZED ( -- either says so of the other
        SELECT s.deal_id
        FROM link l JOIN side s ON s.key = l.owner JOIN side o ON o.key = l.other AND o.deal_id = s.deal_id AND o.sells <> s.sells
        GROUP BY s.deal_id
    )
    SELECT n.deal_id, n.agency_id, n.contract_number, n.mode, n.rights, n.seller, n.buyer,
           coalesce(n.buyer ->> 'name', n.registered_name), coalesce(n.division_code = pack ->> 'division', false), n.amount_fen,
           n.payments, n.contract_date, n.registration_number, n.registration_date,
           btrim(coalesce(n.registration_number, '')) <> '' AND coalesce(n.registration_date <= as_of, true),
           coalesce(n.led_by_agency, false),
           coalesce(n.implemented_division = pack ->> 'division', false) AND coalesce(n.implemented_date <= as_of, true),
           coalesce(n.affiliated, false) OR n.seller_keys && n.buyer_keys OR l.deal_id IS NOT NULL, n.affiliated IS NULL,
           n.upper_grant_fen, n.documents, n.recorded_at, n.first_recorded_at, n.batch_id,
           n.invented OR n.buyer_invented OR coalesce(c.invented, false) OR a.invented,
           n.is_late OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           c.reason,
           coalesce(decision_reason(c.verdict, 'deal', pack -> 'accepted_kinds'),
                    CASE WHEN pack -> 'taken' ? (n.agency_id || '/' || n.contract_number) THEN 'counted_elsewhere' END),
           n.same, nullif(count(*) OVER (PARTITION BY n.same) > 1, false),
           a.zone_settled_date, a.zone_left_date
    FROM named n JOIN agency_at(known_at) a ON a.agency_id = n.agency_id
        LEFT JOIN linked l ON l.deal_id = n.deal_id
        LEFT JOIN decision_at('deal', as_of, known_at) c ON c.agency_id = n.agency_id AND c.key = n.contract_number
$$;

GRANT EXECUTE ON FUNCTION party_keys, is_overseas_application, deal_fact TO patbridge_service, patbridge_across, patbridge_readonly;
