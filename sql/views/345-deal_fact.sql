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

-- Its right is put to use where the pack's agencies work, by the day; without a date it always has been.
CREATE OR REPLACE FUNCTION deal_implemented(pack jsonb, as_of date, division text, since date) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(division = pack ->> 'division', false) AND coalesce(since <= as_of, true)
$$;

-- What a contract is known by at whichever agency: its registration, else its number and buyer. The index deal_same has these words.
CREATE OR REPLACE FUNCTION deal_same(registration_number text, contract_number text, buyer jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce('R' || nullif(btrim(registration_number), ''), 'C' || contract_number || '/' || (buyer ->> 'uscc'))
$$;

-- The contracts on which an agency's figures rest (null: all): its own; where `buyers` is said, those of its buyers at whichever
-- agency, whose cap they use up; and what tells one of these contracts once more. Where `ids` is said, these contracts alone, and those
-- known as one of `told` is. Here and below keys go from step to step as arrays: the planner knows how many they are, and looks them up
-- by the indexes deal_same and deal_buyer. It thinks that thousands of searches cost more than reading all contracts, unless it is told that
-- a page out of order is no dearer than the next.
DROP FUNCTION IF EXISTS deal_beside(timestamptz, int, boolean);
DROP FUNCTION IF EXISTS deal_beside(timestamptz, int, boolean, text[], bigint[]);
CREATE OR REPLACE FUNCTION deal_beside(known_at timestamptz, agency int, buyers boolean, told text[], ids bigint[]) RETURNS deal[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET random_page_cost = 1.1 AS $$
DECLARE
    whose text[];
    same text[];
BEGIN
    IF ids IS NOT NULL THEN
        RETURN ARRAY(SELECT d FROM deal_at(known_at) d WHERE d.deal_id = ANY (ids))
            || ARRAY(SELECT d FROM deal_at(known_at) d
                     WHERE deal_same(d.registration_number, d.contract_number, d.buyer) = ANY (told) AND d.deal_id <> ALL (ids));
    ELSIF agency IS NULL THEN
        RETURN ARRAY(SELECT d FROM deal_at(known_at) d);
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
    RETURN ARRAY(SELECT d FROM deal_at(known_at) d WHERE d.agency_id = agency)
        || ARRAY(SELECT d FROM deal_at(known_at) d
                 WHERE deal_same(d.registration_number, d.contract_number, d.buyer) = ANY (same) AND d.agency_id <> agency);
END
$$;

-- The codes of the parties of contracts, as they are written and as a register writes them.
CREATE OR REPLACE FUNCTION deal_codes(deals deal[]) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    codes text[] := (SELECT array_agg(t.buyer ->> 'uscc') || array_agg(t.seller ->> 'uscc') FROM unnest(deals) t);
BEGIN
    RETURN codes || ARRAY(SELECT upper(folded_name(c.code)) FROM unnest(codes) c (code) WHERE c.code !~ '^[0-9A-Z]*$');
END
$$;

-- The names under which the parties of contracts may stand in a list: code, name, and the register's name; `codes`, `names`: what the
-- registers say. What party_keys() gives, but for a register's name that is the contract's, which is folded once.
DROP FUNCTION IF EXISTS deal_side(deal[], text[], text[]);
DROP TYPE IF EXISTS deal_sides CASCADE;
CREATE TYPE deal_sides AS (deal_id bigint, seller text[], buyer text[]);
CREATE OR REPLACE FUNCTION deal_sides_of(deals deal[], codes text[], names text[]) RETURNS SETOF deal_sides LANGUAGE sql STABLE AS $$
    WITH said AS MATERIALIZED ( -- each member is taken out of its document once
        SELECT t.deal_id, t.seller ->> 'uscc' AS seller_code, t.seller ->> 'name' AS seller_name, t.buyer ->> 'uscc' AS buyer_code,
               t.buyer ->> 'name' AS buyer_name
        FROM unnest(deals) t
    )
    SELECT t.deal_id,
           ARRAY[folded_name(t.seller_code), CASE WHEN s.name = t.seller_name THEN NULL ELSE folded_name(t.seller_name) END,
                 folded_name(s.name)],
           ARRAY[folded_name(t.buyer_code), CASE WHEN b.name = t.buyer_name THEN NULL ELSE folded_name(t.buyer_name) END,
                 folded_name(b.name)]
    FROM said t LEFT JOIN unnest(codes, names) s (uscc, name) ON s.uscc = t.seller_code
        LEFT JOIN unnest(codes, names) b (uscc, name) ON b.uscc = t.buyer_code
$$;

-- Who lists affiliates among `owners` and those with one of these folded names: each of its own names with each that it lists, all
-- folded. `owners`: those of the codes that contracts have, in capitals (deal_codes). Few have a list; plain names are found by the
-- indexes enterprise_owner_…
CREATE OR REPLACE FUNCTION affiliate_listed(known_at timestamptz, owners enterprise[], names text[]) RETURNS TABLE (key text, other text)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    codes text[] := ARRAY(SELECT n.key FROM unnest(names) n (key) WHERE octet_length(n.key) = length(n.key)); -- a name that may be one
BEGIN
    RETURN QUERY
    SELECT unnest(ARRAY[l.code_key, l.name_key]), l.other
    FROM (SELECT folded_name(o.uscc) AS code_key, folded_name(o.name) AS name_key, folded_name(x.name) AS other
          FROM (SELECT e.affiliates, e.uscc, e.name FROM unnest(owners) e
                UNION ALL
                SELECT e.affiliates, e.uscc, e.name
                FROM unnest(codes) n (key) CROSS JOIN LATERAL ( -- one by one
                    SELECT * FROM enterprise o
                    WHERE lower(o.uscc) = n.key AND cardinality(o.affiliates) > 0 AND o.recorded_at <= known_at OFFSET 0) e
                UNION ALL
                SELECT e.affiliates, e.uscc, e.name
                FROM unnest(names) n (key) CROSS JOIN LATERAL (
                    SELECT * FROM enterprise o
                    WHERE lower(translate(o.name, '（）', '()')) = n.key AND cardinality(o.affiliates) > 0 AND o.recorded_at <= known_at
                    OFFSET 0) e
                UNION ALL
                SELECT e.affiliates, e.uscc, e.name
                FROM enterprise e
                WHERE cardinality(e.affiliates) > 0 AND e.recorded_at <= known_at
                    AND (e.uscc !~ '^[0-9A-Z]*$' OR e.name !~ '^[0-9A-Za-z()（）\u4e00-\u9fff]*$' OR octet_length(e.name) = length(e.name))
                UNION ALL -- those that say something else today
                SELECT e.affiliates, e.uscc, e.name
                FROM register_version v CROSS JOIN LATERAL jsonb_populate_record(NULL::enterprise, v.record) e
                WHERE v.kind = 'enterprise' AND v.recorded_at <= known_at AND v.superseded_at > known_at
                    AND cardinality(e.affiliates) > 0) o
              CROSS JOIN LATERAL unnest(o.affiliates) x (name) OFFSET 0) l;
END
$$;

-- Which of them are between parties one of which lists the other among its affiliates, or which are one.
DROP FUNCTION IF EXISTS deal_linked(timestamptz, deal[], text[], text[]);
CREATE OR REPLACE FUNCTION deal_linked(known_at timestamptz, deals deal[], codes text[], names text[], owners enterprise[]) RETURNS bigint[]
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    sides deal_sides[] := ARRAY(SELECT s FROM deal_sides_of(deals, codes, names) s);
    listing text[];
    listed text[];
BEGIN
    SELECT array_agg(l.key), array_agg(l.other) INTO listing, listed
    FROM affiliate_listed(known_at, owners, ARRAY(SELECT n.key
                                                  FROM unnest(sides) s CROSS JOIN LATERAL unnest(s.seller[2:] || s.buyer[2:]) n (key)
                                                  WHERE n.key IS NOT NULL)) l;
    RETURN ARRAY( -- one twice does no harm
        SELECT s.deal_id
        FROM unnest(listing, listed) l (key, other) JOIN (
            SELECT o.deal_id, unnest(o.seller) AS key, o.buyer AS beside FROM unnest(sides) o
            UNION ALL
            SELECT o.deal_id, unnest(o.buyer), o.seller FROM unnest(sides) o) s ON s.key = l.key
        WHERE l.other = ANY (s.beside)
        UNION ALL
        SELECT s.deal_id FROM unnest(sides) s WHERE s.seller && s.buyer);
END
$$;

-- deal_linked() of all of an agency's contracts: for who asks several metrics of them (the pack's "linked").
CREATE OR REPLACE FUNCTION deal_linked_of(known_at timestamptz, agency int) RETURNS bigint[] LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    deals deal[] := ARRAY(SELECT d FROM deal_at(known_at) d WHERE d.agency_id = agency);
    codes text[] := deal_codes(deals);
    names text[];
    owners enterprise[];
BEGIN
    SELECT array_agg(e.uscc), array_agg(e.name), array_agg(e) FILTER (WHERE cardinality(e.affiliates) > 0) INTO codes, names, owners
    FROM enterprise_at(known_at) e WHERE e.uscc = ANY (codes);
    RETURN deal_linked(known_at, deals, codes, names, owners);
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
    deals deal[] := deal_beside(known_at, agency, buyers, told, ids);
    codes text[] := deal_codes(deals);
    names text[];
    divisions text[];
    made_up boolean[];
    owners enterprise[];
    together bigint[] := known;
    agencies int[];
    contracts text[];
BEGIN
    IF deals = '{}' THEN
        RETURN;
    END IF;
    SELECT array_agg(DISTINCT t.agency_id), array_agg(t.contract_number) INTO agencies, contracts FROM unnest(deals) t;
    SELECT array_agg(e.uscc), array_agg(e.name), array_agg(e.division_code), array_agg(e.invented),
           array_agg(e) FILTER (WHERE cardinality(e.affiliates) > 0)
    INTO codes, names, divisions, made_up, owners
    FROM enterprise_at(known_at) e WHERE e.uscc = ANY (codes);
    IF together IS NULL THEN
        together := deal_linked(known_at, deals, codes, names, owners);
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
           deal_implemented(pack, as_of, n.implemented_division, n.implemented_date),
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

GRANT EXECUTE ON FUNCTION party_keys, is_overseas_application, deal_implemented, deal_same, deal_beside, deal_codes, deal_sides_of, affiliate_listed,
    deal_linked, deal_linked_of, linked_said, deal_party, deal_fact TO patbridge_service, patbridge_across, patbridge_readonly;
