-- 375 metric_loans, metric_attorneys.

-- Pledge loans to local enterprises; amount: what of the loan counts. With real estate: less the credit that the bank gives on it.
CREATE OR REPLACE FUNCTION metric_loans(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT l.*, d.effective, d.decided_at, d.reason AS decision, e.name AS borrower,
               a.invented OR coalesce(d.invented, false) OR coalesce(e.invented, false) AS beside_invented,
               settlement_awaited(a.zone_settled_date) AS awaits,
               CASE l.collateral WHEN 'ip_and_real_estate' THEN greatest(l.granted_fen - coalesce(l.real_estate_credit_fen,
                   l.granted_fen), 0) ELSE l.granted_fen END AS fen,
               trigger_reasons(pack, as_of, l.drawn_date, a.zone_settled_date, a.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'loan', pack -> 'accepted_kinds'),
                   CASE WHEN e.division_code IS DISTINCT FROM pack ->> 'division' THEN 'not_local' END,
                   CASE WHEN l.rights = '[]' THEN 'no_right' END,
                   CASE WHEN l.collateral = 'ip_and_other' AND pack ->> 'other_collateral' = 'out' THEN 'other_collateral' END,
                   CASE WHEN l.collateral = 'ip_and_real_estate' AND l.real_estate_credit_fen IS NULL THEN 'credit_not_stated' END
               ], NULL) AS against,
               fact_is_late('loan', l.loan_id, to_jsonb(l), l.recorded_at, day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM loan_at(known_at) l JOIN agency_at(known_at) a ON a.agency_id = l.agency_id
            LEFT JOIN enterprise_at(known_at) e ON e.uscc = l.borrower_uscc
            LEFT JOIN decision_at('loan', as_of, known_at) d ON d.agency_id = l.agency_id AND d.key = l.contract_number
        WHERE agency IS NULL OR l.agency_id = agency -- and what others tell of the same loans
            OR (l.bank, l.contract_number) IN (SELECT o.bank, o.contract_number FROM loan_at(known_at) o WHERE o.agency_id = agency)
    ), told AS (
        SELECT c.*, CASE WHEN c.against = '{}'
                         THEN array_remove(ARRAY[told_before(pack, row_number() OVER (
                             PARTITION BY c.bank, c.contract_number, c.against = '{}'
                             ORDER BY c.awaits <> '{}', c.first_recorded_at, c.loan_id))], NULL)
                         ELSE c.against END AS reasons,
               nullif(count(*) OVER (PARTITION BY c.bank, c.contract_number) > 1, false) AS conflict
        FROM candidate c
    ), summed AS (
        SELECT t.*, t.reasons = '{}' AND t.awaits = '{}' AS ok, sum(t.fen) OVER (
                   PARTITION BY t.reasons = '{}' AND t.awaits = '{}', t.agency_id, year_of(t.drawn_date),
                       CASE WHEN pack ->> 'cap_per' = 'contract' THEN t.loan_id END
                   ORDER BY t.drawn_date, t.first_recorded_at, t.loan_id) AS sum_fen
        FROM told t
    )
    SELECT t.agency_id, t.contract_number, t.bank, coalesce(t.borrower, t.borrower_uscc), t.drawn_date, t.recorded_at, t.batch_id,
           t.documents, t.ok, t.ok, t.reasons,
           jsonb_strip_nulls(jsonb_build_object('collateral', t.collateral, 'granted_fen', t.granted_fen,
               'real_estate_credit_fen', t.real_estate_credit_fen, 'conflict', t.conflict,
               'capped', CASE WHEN t.ok THEN is_capped(pack, t.sum_fen, t.fen, 0, 0) END, 'decision', t.decision)),
           t.invented OR t.beside_invented, t.is_late OR decision_is_late(t.effective, t.decided_at, pack ->> 'time_zone'), false,
           false, t.awaits, year_of(t.drawn_date), t.fen::bigint, NULL, CASE WHEN t.ok THEN t.fen::bigint END,
           CASE WHEN t.ok THEN added_fen(pack, t.sum_fen, t.fen, 0, 0) END, NULL
    FROM summed t WHERE agency IS NULL OR t.agency_id = agency
$$;

-- Attorneys whose year of service in the zone is full; it starts no earlier than the agency settled. Once in a lifetime, whatever
-- the agency: for the first whose year was full.
CREATE OR REPLACE FUNCTION metric_attorneys(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH served AS (
        SELECT t.*, a.zone_settled_date, a.zone_left_date, a.invented AS agency_invented,
               years_full(greatest(t.service_from, a.zone_settled_date), (pack ->> 'service_years')::int) AS full_on
        FROM attorney_at(known_at) t JOIN agency_at(known_at) a ON a.agency_id = t.agency_id
        WHERE agency IS NULL OR t.agency_id = agency -- and the same attorneys at others
            OR t.practice_number IN (SELECT o.practice_number FROM attorney_at(known_at) o WHERE o.agency_id = agency)
    ), candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision, s.agency_invented OR coalesce(d.invented, false) AS beside_invented,
               settlement_awaited(s.zone_settled_date) AS awaits,
               trigger_reasons(pack, as_of, s.full_on, s.zone_settled_date, s.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'attorney', pack -> 'accepted_kinds'),
                   CASE WHEN s.service_to < s.full_on THEN 'left_before_year' END,
                   CASE WHEN s.practising_from > s.full_on OR s.practising_to < s.full_on THEN 'not_practising' END,
                   CASE WHEN s.contract_to < years_full(s.contract_from, (pack ->> 'contract_years')::int) - 1 THEN 'contract_too_short'
                        WHEN s.contract_from > s.full_on THEN 'contract_later' END
               ], NULL) AS against,
               fact_is_late('attorney', s.attorney_id, to_jsonb(s) - ARRAY['zone_settled_date', 'zone_left_date', 'agency_invented',
                            'full_on'], s.recorded_at, day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM served s LEFT JOIN decision_at('attorney', as_of, known_at) d
            ON d.agency_id = s.agency_id AND d.key = s.practice_number
    ), told AS (
        SELECT c.*, row_number() OVER (PARTITION BY c.practice_number, c.against = '{}'
                                       ORDER BY c.awaits <> '{}', c.full_on, c.first_recorded_at, c.attorney_id) AS place
        FROM candidate c
    ), judged AS (
        SELECT t.*, CASE WHEN t.against = '{}' AND t.place > 1 THEN ARRAY['paid_before'] ELSE t.against END AS reasons FROM told t
    )
    SELECT j.agency_id, j.practice_number, j.name, j.name, j.full_on, j.recorded_at, j.batch_id, j.documents,
           j.reasons = '{}' AND j.awaits = '{}', j.reasons = '{}' AND j.awaits = '{}', j.reasons,
           jsonb_strip_nulls(jsonb_build_object('service_from', j.service_from, 'service_to', j.service_to,
               'contract_from', j.contract_from, 'contract_to', j.contract_to, 'decision', j.decision)),
           j.invented OR j.beside_invented, j.is_late OR decision_is_late(j.effective, j.decided_at, pack ->> 'time_zone'),
           j.practising_from IS NULL, false, j.awaits, year_of(j.full_on), 1::bigint, j.practice_number,
           (pack ->> 'each_fen')::bigint, (pack ->> 'each_fen')::bigint, NULL
    FROM judged j WHERE agency IS NULL OR j.agency_id = agency
$$;

GRANT EXECUTE ON FUNCTION metric_loans, metric_attorneys
    TO patbridge_service, patbridge_across, patbridge_readonly;
