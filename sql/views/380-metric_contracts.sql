-- 380 metric_purchases, _transactions, _introductions, _licences: what other clauses count of the contracts (deal_fact).

-- The functions metric_…_of are of these contracts alone (ids null: of all), and need what tells one of them once more (told) and what uses
-- up the same cap; their rows are those of `whose` buyers or of the contracts themselves, and of these `patents`. Where a cap is used up by
-- contracts that are not among them, their awards say nothing (views/399-kept_deals.sql).

-- What a contract's rights are to a clause: all of the kinds it names, some of them, none.
DROP FUNCTION IF EXISTS right_reason(jsonb, jsonb, jsonb, text);
CREATE OR REPLACE FUNCTION right_reason_of(pack jsonb, rights jsonb, kinds jsonb, without text) RETURNS TABLE (reason text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ -- a table's function: the planner sees through it
    SELECT CASE WHEN count(*) FILTER (WHERE kinds ? (r.item ->> 'type')) = 0 THEN without
                WHEN bool_or(kinds ? (r.item ->> 'type') AND r.item ->> 'type' = 'overseas_invention'
                             AND is_overseas_application(r.item ->> 'number')) THEN 'not_granted'
                WHEN NOT bool_and(coalesce(kinds ? (r.item ->> 'type'), false)) AND pack ->> 'mixed_contract' = 'out' THEN 'mixed_rights'
           END
    FROM jsonb_array_elements(rights) r (item)
$$;

-- Payments of local enterprises for class-one rights, one row each; a contract without any has one row, left out. An enterprise's
-- cap is used up in the order of payment, across agencies: so every agency's rows are reckoned, whoever asks.
CREATE OR REPLACE FUNCTION metric_purchases_of(pack jsonb, as_of date, known_at timestamptz, agency int, told text[], ids bigint[], whose text[])
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH contract AS (
        SELECT f.*, settlement_awaited(f.settled) AS awaits,
               array_remove(ARRAY[
                   f.against,
                   CASE WHEN f.buyer ->> 'uscc' IS NULL THEN 'buyer_unknown' WHEN NOT f.local THEN 'not_local' END,
                   CASE WHEN NOT f.led THEN 'not_led_by_agency' END,
                   CASE WHEN NOT pack -> 'purchase_modes' ? f.mode THEN 'no_purchase' END,
                   r.reason,
                   CASE WHEN NOT f.registered THEN 'not_registered' END,
                   CASE WHEN f.affiliated THEN 'affiliated' END,
                   CASE WHEN NOT f.implemented THEN 'not_implemented' END
               ], NULL) AS deal_reasons
        FROM deal_fact(pack, as_of, known_at, agency, true, told, ids) f
            CROSS JOIN LATERAL right_reason_of(pack, f.rights, pack -> 'class_one_rights', 'not_class_one') r
    ), told AS (
        SELECT c.*, told_before(pack, row_number() OVER (PARTITION BY c.same, c.deal_reasons = '{}'
                                ORDER BY c.awaits <> '{}', c.first_recorded_at, c.deal_id)) AS told
        FROM contract c
    ), payment AS (
        SELECT t.*, p.place, (p.item ->> 'date')::date AS paid_on, (p.item ->> 'amount_fen')::bigint AS fen
        FROM told t LEFT JOIN LATERAL jsonb_array_elements(t.payments) WITH ORDINALITY p (item, place) ON true
    ), judged AS (
        SELECT p.*,
               trigger_reasons(pack, as_of, p.paid_on, p.settled, p.left_on)
                   || CASE WHEN p.paid_on IS NULL OR p.fen IS NULL THEN ARRAY['no_payment'] ELSE '{}' END || p.deal_reasons
                   || CASE WHEN p.deal_reasons = '{}' AND p.told IS NOT NULL THEN ARRAY[p.told] ELSE '{}' END AS reasons
        FROM payment p
    ), summed AS (
        SELECT j.*, j.reasons = '{}' AND j.awaits = '{}' AS ok, sum(j.fen) OVER (
                   PARTITION BY j.reasons = '{}' AND j.awaits = '{}', j.buyer ->> 'uscc', year_of(j.paid_on),
                       CASE WHEN pack ->> 'cap_per' = 'contract' THEN j.deal_id END
                   ORDER BY j.paid_on, j.first_recorded_at, j.deal_id, j.place) AS sum_fen
        FROM judged j
    )
    SELECT j.agency_id, j.contract_number || '/' || coalesce(j.place, 0), j.mode, j.buyer_name, j.paid_on, j.recorded_at, j.batch_id,
           j.documents, j.ok, j.ok, j.reasons,
           jsonb_strip_nulls(jsonb_build_object('contract', j.contract_number, 'contract_fen', j.amount_fen,
               'seller', j.seller ->> 'name', 'registration_number', j.registration_number, 'conflict', j.conflict,
               'decision', j.decision, 'upper_grant_fen', j.upper_grant_fen,
               'capped', CASE WHEN j.ok THEN is_capped(pack, j.sum_fen, j.fen, 0, 0) END)),
           j.invented, j.late, j.unsaid, false, j.awaits, year_of(j.paid_on), coalesce(j.fen, 0), j.buyer ->> 'uscc',
           CASE WHEN j.ok THEN j.fen END, CASE WHEN j.ok THEN added_fen(pack, j.sum_fen, j.fen, 0, 0) END, j.contract_number
    FROM summed j
    WHERE (agency IS NULL OR j.agency_id = agency) AND (ids IS NULL OR j.buyer ->> 'uscc' = ANY (whose) OR j.deal_id = ANY (ids))
$$;

-- What speaks against a contract about inventions, whatever others say of it. What is not known yet speaks against none: settled, left_on,
-- against (an official's decision), affiliated.
CREATE OR REPLACE FUNCTION transaction_reasons(pack jsonb, as_of date, registration text, day date, settled date, left_on date, against text,
    led boolean, right_reason text, affiliated boolean, implemented boolean) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT trigger_reasons(pack, as_of, day, settled, left_on) || array_remove(ARRAY[
        against,
        CASE WHEN NOT led THEN 'not_led_by_agency' END,
        right_reason,
        CASE WHEN btrim(coalesce(registration, '')) = '' THEN 'not_registered' WHEN day IS NULL THEN 'no_registration_date' END,
        CASE WHEN affiliated THEN 'affiliated' END,
        CASE WHEN NOT implemented THEN 'not_implemented' END
    ], NULL)
$$;

-- Contracts about invention patents implemented in the city, by the day of their registration.
CREATE OR REPLACE FUNCTION metric_transactions_of(pack jsonb, as_of date, known_at timestamptz, agency int, told text[], ids bigint[])
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH contract AS (
        SELECT f.*, settlement_awaited(f.settled) AS awaits,
               transaction_reasons(pack, as_of, f.registration_number, f.registration_date, f.settled, f.left_on, f.against, f.led, r.reason,
                                   f.affiliated, f.implemented) AS deal_reasons
        FROM deal_fact(pack, as_of, known_at, agency, false, told, ids) f
            CROSS JOIN LATERAL right_reason_of(pack, f.rights, pack -> 'invention_rights', 'no_invention') r
    ), told AS (
        SELECT c.*, CASE WHEN c.deal_reasons = '{}'
                         THEN array_remove(ARRAY[told_before(pack, row_number() OVER (
                             PARTITION BY c.same, c.deal_reasons = '{}'
                             ORDER BY c.awaits <> '{}', c.first_recorded_at, c.deal_id))], NULL)
                         ELSE c.deal_reasons END AS reasons
        FROM contract c
    ), summed AS (
        SELECT t.*, t.reasons = '{}' AND t.awaits = '{}' AS ok, sum(t.amount_fen) OVER of_year AS sum_fen,
               coalesce(t.upper_grant_fen, 0) AS own_grant, sum(coalesce(t.upper_grant_fen, 0)) OVER of_year AS grants
        FROM told t
        WINDOW of_year AS (
            PARTITION BY t.reasons = '{}' AND t.awaits = '{}', t.agency_id, year_of(t.registration_date),
                CASE WHEN pack ->> 'cap_per' = 'contract' THEN t.deal_id END
            ORDER BY t.registration_date, t.first_recorded_at, t.deal_id)
    )
    SELECT t.agency_id, t.contract_number, t.mode, t.buyer_name, t.registration_date, t.recorded_at, t.batch_id, t.documents,
           t.ok, t.ok, t.reasons,
           jsonb_strip_nulls(jsonb_build_object('contract', t.contract_number, 'seller', t.seller ->> 'name', 'rights', t.rights,
               'registration_number', t.registration_number, 'conflict', t.conflict,
               'upper_grant_fen', t.upper_grant_fen, 'decision', t.decision,
               'capped', CASE WHEN t.ok THEN is_capped(pack, t.sum_fen, t.amount_fen, t.grants, t.own_grant) END)),
           t.invented, t.late, t.unsaid, false, t.awaits, year_of(t.registration_date), t.amount_fen, NULL,
           CASE WHEN t.ok THEN t.amount_fen END,
           CASE WHEN t.ok THEN added_fen(pack, t.sum_fen, t.amount_fen, t.grants, t.own_grant) END, t.contract_number
    FROM summed t WHERE agency IS NULL OR t.agency_id = agency
$$;

-- Whether a right's number leads to one of these patents, of which all names are told (views/399-mended.sql, deal_patents).
CREATE OR REPLACE FUNCTION right_about(number text, patents text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT split_part(number, '.', 1) = ANY (patents) OR number = ANY (patents)
$$;

-- The invention patents in these contracts, each once a year. contracts: those in which these patents are; null: all are looked through.
DROP FUNCTION IF EXISTS metric_introductions_of(jsonb, date, timestamptz, int, text[], bigint[], text[]);
CREATE OR REPLACE FUNCTION metric_introductions_of(pack jsonb, as_of date, known_at timestamptz, agency int, told text[], ids bigint[],
    patents text[], contracts text[])
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH entry AS (
        SELECT t.*, r.item ->> 'number' AS number, r.place, coalesce(p.patent_id::text, r.item ->> 'number') AS patent
        FROM metric_transactions_of(pack, as_of, known_at, agency, told, ids) t
            CROSS JOIN LATERAL jsonb_array_elements(t.detail -> 'rights') WITH ORDINALITY r (item, place)
            LEFT JOIN patent_alias p ON p.number = split_part(r.item ->> 'number', '.', 1)
        WHERE pack -> 'invention_rights' ? (r.item ->> 'type') AND (contracts IS NULL OR t.contract = ANY (contracts))
            AND (patents IS NULL OR right_about(r.item ->> 'number', patents))
    ), judged AS (
        SELECT e.*, CASE WHEN e.reasons = '{}' AND row_number() OVER (
                             PARTITION BY e.agency_id, e.year, e.patent, e.reasons = '{}', e.awaits = '{}'
                             ORDER BY e.claimed_date, e.key, e.place) > 1
                         THEN ARRAY['same_patent'] ELSE e.reasons END AS why
        FROM entry e
    )
    SELECT j.agency_id, j.key || '/' || j.place, j.number, j.whose, j.claimed_date, j.recorded_at, j.batch_id, j.documents,
           j.why = '{}' AND j.awaits = '{}', j.why = '{}' AND j.awaits = '{}', j.why, j.detail - 'rights', j.invented, j.late,
           j.unknown, false, j.awaits, j.year, 1::bigint, NULL, NULL::bigint, NULL::bigint, j.contract
    FROM judged j
$$;

-- Licences that local enterprises reached with the agency's help.
CREATE OR REPLACE FUNCTION metric_licences_of(pack jsonb, as_of date, known_at timestamptz, agency int, told text[], ids bigint[])
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH contract AS (
        SELECT f.*, settlement_awaited(f.settled) AS awaits,
               (SELECT count(*) FROM jsonb_array_elements(f.rights) r (item) WHERE pack -> 'licensed_rights' ? (r.item ->> 'type'))
                   AS patents,
               trigger_reasons(pack, as_of, f.contract_date, f.settled, f.left_on) || array_remove(ARRAY[
                   f.against,
                   CASE WHEN NOT pack -> 'licence_modes' ? f.mode THEN 'no_open_licence' END,
                   CASE WHEN f.buyer ->> 'uscc' IS NULL THEN 'buyer_unknown' WHEN NOT f.local THEN 'not_local' END,
                   CASE WHEN NOT f.led THEN 'not_led_by_agency' END
               ], NULL) AS other_reasons
        FROM deal_fact(pack, as_of, known_at, agency, false, told, ids) f
    ), judged AS (
        SELECT c.*, CASE WHEN c.patents = 0 THEN c.other_reasons || 'no_patent'::text ELSE c.other_reasons END AS deal_reasons
        FROM contract c
    ), told AS (
        SELECT j.*, CASE WHEN j.deal_reasons = '{}'
                         THEN array_remove(ARRAY[told_before(pack, row_number() OVER (
                             PARTITION BY j.same, j.deal_reasons = '{}'
                             ORDER BY j.awaits <> '{}', j.first_recorded_at, j.deal_id))], NULL)
                         ELSE j.deal_reasons END AS reasons
        FROM judged j
    )
    SELECT t.agency_id, t.contract_number, t.mode, t.buyer_name, t.contract_date, t.recorded_at, t.batch_id, t.documents,
           t.reasons = '{}' AND t.awaits = '{}', t.reasons = '{}' AND t.awaits = '{}', t.reasons,
           jsonb_strip_nulls(jsonb_build_object('contract', t.contract_number, 'seller', t.seller ->> 'name', 'patents', t.patents,
               'conflict', t.conflict, 'decision', t.decision)),
           t.invented, t.late, false, false, t.awaits, year_of(t.contract_date),
           CASE WHEN pack ->> 'licence_unit' = 'patent' THEN t.patents ELSE 1 END, NULL, NULL::bigint, NULL::bigint,
           t.contract_number
    FROM told t WHERE agency IS NULL OR t.agency_id = agency
$$;

-- The metrics: of all contracts.
CREATE OR REPLACE FUNCTION metric_purchases(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_purchases_of(pack, as_of, known_at, agency, NULL, NULL, NULL)
$$;

CREATE OR REPLACE FUNCTION metric_transactions(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_transactions_of(pack, as_of, known_at, agency, NULL, NULL)
$$;

CREATE OR REPLACE FUNCTION metric_introductions(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_introductions_of(pack, as_of, known_at, agency, NULL, NULL, NULL, NULL)
$$;

CREATE OR REPLACE FUNCTION metric_licences(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_licences_of(pack, as_of, known_at, agency, NULL, NULL)
$$;

GRANT EXECUTE ON FUNCTION metric_purchases_of, metric_transactions_of, metric_introductions_of, metric_licences_of, right_reason_of, transaction_reasons, right_about, metric_purchases, metric_transactions, metric_introductions, metric_licences
    TO patbridge_service, patbridge_across, patbridge_readonly;
