-- 345 deal_fact: contracts with what the clauses ask of them.

-- The names under which a party may stand in somebody's list of affiliates.
CREATE OR REPLACE FUNCTION party_keys(party jsonb, registered text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY[folded_name(party ->> 'uscc'), folded_name(party ->> 'name'), folded_name(registered)], NULL)
$$;

-- An overseas number that names no granted patent: a PCT publication, an application, its publication.
CREATE OR REPLACE FUNCTION is_overseas_application(number text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT number ~ '^(WO|PCT)' OR number ~ '^US[0-9]{10,11}A[0-9]?$' OR number ~ '^US[0-9]{2}/?[0-9]{6}$'
        OR number ~ '^EP[0-9]{7}A[0-9]?$' OR number ~ '^JP[0-9-]+A$'
$$;

-- What a contract is known by at whichever agency: its registration, else its number and buyer. The index deal_same has these words.
CREATE OR REPLACE FUNCTION deal_same(registration_number text, contract_number text, buyer jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce('R' || nullif(btrim(registration_number), ''), 'C' || contract_number || '/' || (buyer ->> 'uscc'))
$$;

-- The contracts on which an agency's figures rest (null: all): its own; where `buyers` is said, those of its buyers at whichever
-- agency, whose cap they use up; and what tells one of these contracts once more. Where `ids` is said, these contracts alone, and those
-- known as one of `told` is. Here and below keys go from step to step as arrays: the planner knows how many they are, and looks them up
-- by the indexes deal_same and deal_buyer.
DROP FUNCTION IF EXISTS deal_beside(timestamptz, int, boolean);
CREATE OR REPLACE FUNCTION deal_beside(known_at timestamptz, agency int, buyers boolean, told text[], ids bigint[]) RETURNS SETOF deal
LANGUAGE plpgsql STABLE ROWS 5000 SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    whose text[];
    same text[];
BEGIN
    IF ids IS NOT NULL THEN
        RETURN QUERY SELECT d.* FROM deal_at(known_at) d
                     WHERE d.deal_id = ANY (ids) OR deal_same(d.registration_number, d.contract_number, d.buyer) = ANY (told);
        RETURN;
    ELSIF agency IS NULL THEN
        RETURN QUERY SELECT d.* FROM deal_at(known_at) d;
        RETURN;
    END IF;
    IF buyers THEN
        whose := ARRAY(SELECT DISTINCT d.buyer ->> 'uscc' FROM deal_at(known_at) d WHERE d.agency_id = agency);
    END IF;
    same := ARRAY(SELECT s.same FROM (
                      SELECT deal_same(d.registration_number, d.contract_number, d.buyer) AS same
                      FROM deal_at(known_at) d WHERE d.agency_id = agency
                      UNION
                      SELECT deal_same(d.registration_number, d.contract_number, d.buyer)
                      FROM deal_at(known_at) d WHERE d.buyer ->> 'uscc' = ANY (whose)) s
                  WHERE s.same IS NOT NULL);
    RETURN QUERY SELECT d.* FROM deal_at(known_at) d
                 WHERE d.agency_id = agency OR deal_same(d.registration_number, d.contract_number, d.buyer) = ANY (same);
END
$$;

-- The sides of contracts with the names under which each may stand in a list; `codes`, `names`: what the registers say. A register's name is
-- folded once, and once only told where the contract has the same: what party_keys() gives.
CREATE OR REPLACE FUNCTION deal_side(deals deal[], codes text[], names text[]) RETURNS TABLE (deal_id bigint, sells boolean, key text)
LANGUAGE sql STABLE ROWS 10000 AS $$
    WITH party AS MATERIALIZED (
        SELECT p.uscc, p.name, folded_name(p.uscc) AS code_key, folded_name(p.name) AS name_key FROM unnest(codes, names) p (uscc, name)
    ), side AS MATERIALIZED ( -- rather than VALUES for each, whose expressions are made ready anew for each
        SELECT s.deal_id, true AS sells, s.seller ->> 'uscc' AS uscc, s.seller ->> 'name' AS name FROM unnest(deals) s
        UNION ALL
        SELECT b.deal_id, false, b.buyer ->> 'uscc', b.buyer ->> 'name' FROM unnest(deals) b
    ), named AS (
        SELECT s.deal_id, s.sells,
               unnest(ARRAY[CASE WHEN p.uscc IS NULL THEN folded_name(s.uscc) ELSE p.code_key END,
                            CASE WHEN p.name = s.name THEN NULL ELSE folded_name(s.name) END, p.name_key]) AS key
        FROM side s LEFT JOIN party p ON p.uscc = s.uscc
    )
    SELECT n.deal_id, n.sells, n.key FROM named n WHERE n.key IS NOT NULL
$$;

-- Which of them are between parties one of which lists the other among its affiliates, or which are one.
CREATE OR REPLACE FUNCTION deal_linked(known_at timestamptz, deals deal[], codes text[], names text[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    ids bigint[];
    sells boolean[];
    places text[];
    keys text[]; -- each of them once
BEGIN
    SELECT array_agg(s.deal_id), array_agg(s.sells), array_agg(s.key) INTO ids, sells, places FROM deal_side(deals, codes, names) s;
    keys := ARRAY(SELECT DISTINCT p.key FROM unnest(places) p (key));
    RETURN ARRAY(
        WITH side AS MATERIALIZED (
            SELECT * FROM unnest(ids, sells, places) s (deal_id, sells, key)
        ), owner AS MATERIALIZED ( -- few have a list; plain names are found by the indexes enterprise_owner_…
            SELECT e.affiliates, ARRAY[folded_name(e.uscc), folded_name(e.name)] AS keys
            FROM (SELECT o.affiliates, o.uscc, o.name
                  FROM unnest(keys) k (key) JOIN enterprise o ON lower(o.uscc) = k.key
                  WHERE cardinality(o.affiliates) > 0 AND o.recorded_at <= known_at
                      AND octet_length(k.key) = length(k.key) -- no other is a plain code
                  UNION ALL
                  SELECT o.affiliates, o.uscc, o.name
                  FROM unnest(keys) k (key) JOIN enterprise o ON lower(translate(o.name, '（）', '()')) = k.key
                  WHERE cardinality(o.affiliates) > 0 AND o.recorded_at <= known_at
                  UNION ALL
                  SELECT o.affiliates, o.uscc, o.name
                  FROM enterprise o
                  WHERE cardinality(o.affiliates) > 0 AND o.recorded_at <= known_at
                      AND (o.uscc !~ '^[0-9A-Za-z]*$' OR o.name !~ '^[0-9A-Za-z()（）\u4e00-\u9fff]*$')
                  UNION ALL -- those that say something else today
                  SELECT o.affiliates, o.uscc, o.name
                  FROM register_version v CROSS JOIN LATERAL jsonb_populate_record(NULL::enterprise, v.record) o
                  WHERE v.kind = 'enterprise' AND v.recorded_at <= known_at AND v.superseded_at > known_at
                      AND cardinality(o.affiliates) > 0) e
        ), listed AS MATERIALIZED ( -- who stands in the list of a deal's party
            SELECT s.deal_id, s.sells, folded_name(x.name) AS other
            FROM (SELECT o.affiliates, k.key FROM owner o CROSS JOIN LATERAL unnest(o.keys) k (key)) o JOIN side s ON s.key = o.key
                CROSS JOIN LATERAL unnest(o.affiliates) x (name)
        )
        SELECT l.deal_id FROM listed l JOIN side s ON s.deal_id = l.deal_id AND s.sells <> l.sells AND s.key = l.other
        UNION ALL -- one twice does no harm; room for all that might be is dear
        SELECT s.deal_id FROM side s JOIN side b ON b.deal_id = s.deal_id AND b.key = s.key WHERE s.sells AND NOT b.sells);
END
$$;

-- The codes of the parties.
CREATE OR REPLACE FUNCTION deal_codes(deals deal[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT DISTINCT c.code
                 FROM unnest(deals) t CROSS JOIN LATERAL (VALUES (t.buyer ->> 'uscc'), (t.seller ->> 'uscc')) c (code)
                 WHERE c.code IS NOT NULL)
$$;

-- deal_linked() of all of an agency's contracts: for who asks several metrics of them (the pack's "linked").
CREATE OR REPLACE FUNCTION deal_linked_of(known_at timestamptz, agency int) RETURNS bigint[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    deals deal[];
    codes text[];
    names text[];
BEGIN
    deals := ARRAY(SELECT d FROM deal_at(known_at) d WHERE d.agency_id = agency);
    codes := deal_codes(deals);
    SELECT array_agg(e.uscc), array_agg(e.name) INTO codes, names FROM enterprise_at(known_at) e WHERE e.uscc = ANY (codes);
    RETURN deal_linked(known_at, deals, codes, names);
END
$$;

-- What of this the caller has found out: null where it has not.
CREATE OR REPLACE FUNCTION linked_said(pack jsonb) RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN pack ? 'linked' THEN ARRAY(SELECT l.id::bigint FROM jsonb_array_elements_text(pack -> 'linked') l (id)) END
$$;

-- These with what the registers say of their parties, and what was decided on them by a day. linked: either party lists the other among
-- its affiliates, or they are one; `known` is null, or the contracts of which this is so.
DROP FUNCTION IF EXISTS deal_party(timestamptz, int, boolean);
DROP FUNCTION IF EXISTS deal_party(date, timestamptz, int, boolean, text[], bigint[]);
CREATE OR REPLACE FUNCTION deal_party(as_of date, known_at timestamptz, agency int, buyers boolean, told text[], ids bigint[], known bigint[])
RETURNS TABLE (d deal, registered_name text, division_code text, buyer_invented boolean, linked boolean, verdict text, effective date,
    decided_at timestamptz, decision text, decision_invented boolean) LANGUAGE plpgsql STABLE
ROWS 5000 SET plan_cache_mode = force_custom_plan SET enable_mergejoin = off AS $$
DECLARE
    deals deal[];
    codes text[];
    names text[];
    divisions text[];
    made_up boolean[];
    together bigint[] := known;
    agencies int[];
    contracts text[];
BEGIN
    deals := ARRAY(SELECT b FROM deal_beside(known_at, agency, buyers, told, ids) b);
    IF deals = '{}' THEN
        RETURN;
    END IF;
    codes := deal_codes(deals);
    SELECT array_agg(e.uscc), array_agg(e.name), array_agg(e.division_code), array_agg(e.invented)
    INTO codes, names, divisions, made_up
    FROM enterprise_at(known_at) e WHERE e.uscc = ANY (codes);
    SELECT array_agg(DISTINCT t.agency_id), array_agg(t.contract_number) INTO agencies, contracts FROM unnest(deals) t;
    IF together IS NULL THEN
        together := deal_linked(known_at, deals, codes, names);
    END IF;
    RETURN QUERY
    SELECT t, p.name, p.division_code, coalesce(p.invented, false), t.deal_id = ANY (together), c.verdict, c.effective, c.decided_at,
           c.reason, coalesce(c.invented, false)
    FROM unnest(deals) t LEFT JOIN unnest(codes, names, divisions, made_up) p (uscc, name, division_code, invented)
            ON p.uscc = t.buyer ->> 'uscc'
        LEFT JOIN (SELECT * FROM decision_at('deal', as_of, known_at) o
                   WHERE o.agency_id = ANY (agencies) AND o.key = ANY (contracts)) c
            ON c.agency_id = t.agency_id AND c.key = t.contract_number;
END
$$;

DROP FUNCTION IF EXISTS deal_fact(jsonb, date, timestamptz, int, boolean);
CREATE OR REPLACE FUNCTION deal_fact(pack jsonb, as_of date, known_at timestamptz, agency int, buyers boolean, told text[], ids bigint[])
RETURNS TABLE (deal_id bigint, agency_id int, contract_number text, mode text, rights jsonb, seller jsonb, buyer jsonb,
    buyer_name text, local boolean, amount_fen bigint, payments jsonb, contract_date date, registration_number text,
    registration_date date, registered boolean, led boolean, implemented boolean, affiliated boolean, unsaid boolean,
    upper_grant_fen bigint, documents jsonb, recorded_at timestamptz, first_recorded_at timestamptz, batch_id bigint,
    invented boolean, late boolean, decision text, against text, same text, conflict boolean,
    settled date, left_on date)
LANGUAGE sql STABLE AS $$
    WITH named AS (
        SELECT (p.d).*, p.registered_name, p.division_code, p.buyer_invented, p.linked, p.verdict, p.effective, p.decided_at,
               p.decision, p.decision_invented,
               deal_same((p.d).registration_number, (p.d).contract_number, (p.d).buyer) AS same,
               (p.d).recorded_at >= day_over(as_of, pack ->> 'time_zone')
                   AND fact_is_late('deal', (p.d).deal_id, to_jsonb(p.d), (p.d).recorded_at, day_over(as_of, pack ->> 'time_zone'))
                   AS is_late
        FROM deal_party(as_of, known_at, agency, buyers, told, ids, linked_said(pack)) p
    )
    SELECT n.deal_id, n.agency_id, n.contract_number, n.mode, n.rights, n.seller, n.buyer,
           coalesce(n.buyer ->> 'name', n.registered_name), coalesce(n.division_code = pack ->> 'division', false), n.amount_fen,
           n.payments, n.contract_date, n.registration_number, n.registration_date,
           btrim(coalesce(n.registration_number, '')) <> '' AND coalesce(n.registration_date <= as_of, true),
           coalesce(n.led_by_agency, false),
           coalesce(n.implemented_division = pack ->> 'division', false) AND coalesce(n.implemented_date <= as_of, true),
           coalesce(n.affiliated, false) OR n.linked, n.affiliated IS NULL,
           n.upper_grant_fen, n.documents, n.recorded_at, n.first_recorded_at, n.batch_id,
           n.invented OR n.buyer_invented OR n.decision_invented OR a.invented,
           n.is_late OR decision_is_late(n.effective, n.decided_at, pack ->> 'time_zone'),
           n.decision,
           coalesce(decision_reason(n.verdict, 'deal', pack -> 'accepted_kinds'),
                    CASE WHEN pack -> 'taken' ? (n.agency_id || '/' || n.contract_number) THEN 'counted_elsewhere' END),
           n.same, nullif(n.same IS NOT NULL AND count(*) OVER (PARTITION BY n.same) > 1, false),
           a.zone_settled_date, a.zone_left_date
    FROM named n JOIN agency_at(known_at) a ON a.agency_id = n.agency_id
$$;

GRANT EXECUTE ON FUNCTION party_keys, is_overseas_application, deal_same, deal_beside, deal_side, deal_linked, deal_codes, deal_linked_of,
    linked_said, deal_party, deal_fact
    TO patbridge_service, patbridge_across, patbridge_readonly;
