-- 360 metric_settlement, _operation_year, _staff, _pilot, _entrustment: one row per agency; metric_cases, metric_top500_clients: what
-- an agency had done before it settled.

-- Whether what an agency's record says here was not yet said when the day was over. It may have changed since in something else.
CREATE OR REPLACE FUNCTION agency_is_late(whose int, said jsonb, recorded_at timestamptz, day_is_over timestamptz, members text[])
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT recorded_at >= day_is_over AND NOT EXISTS (
        SELECT FROM agency_at(day_is_over - interval '1 microsecond') t
        WHERE t.agency_id = whose AND NOT EXISTS (
            SELECT FROM unnest(members) m (name) WHERE to_jsonb(t) -> m.name IS DISTINCT FROM said -> m.name))
$$;

-- Settled in the zone for the first time, inside the window.
CREATE OR REPLACE FUNCTION metric_settlement(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT a.*,
               trigger_reasons(pack, as_of, a.zone_settled_date, NULL, NULL)
                   || CASE WHEN NOT a.zone_first THEN ARRAY['not_first'] ELSE '{}' END AS reasons,
               settlement_awaited(a.zone_settled_date)
                   || CASE WHEN a.zone_first IS NULL THEN ARRAY['zone_first'] ELSE '{}' END AS awaits
        FROM agency_at(known_at) a WHERE agency IS NULL OR a.agency_id = agency
    )
    SELECT c.agency_id, c.code, c.name, c.name, c.zone_settled_date, c.recorded_at, c.batch_id, c.documents,
           c.reasons = '{}' AND c.awaits = '{}', c.reasons = '{}' AND c.awaits = '{}', c.reasons,
           jsonb_strip_nulls(jsonb_build_object('first', c.zone_first)), c.invented,
           agency_is_late(c.agency_id, to_jsonb(c), c.recorded_at, day_over(as_of, pack ->> 'time_zone'),
                          ARRAY['zone_settled_date', 'zone_first']), false, false, c.awaits,
           year_of(c.zone_settled_date), 1::bigint, NULL, NULL::bigint, NULL::bigint, NULL
    FROM candidate c
$$;

-- Still there when a full year had gone by.
CREATE OR REPLACE FUNCTION metric_operation_year(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT a.*, years_full(a.zone_settled_date, 1) AS full_on
        FROM agency_at(known_at) a WHERE agency IS NULL OR a.agency_id = agency
    ), judged AS (
        SELECT c.*, settlement_awaited(c.zone_settled_date) AS awaits,
               array_remove(ARRAY[
                   CASE WHEN c.full_on > as_of THEN 'after_day' END,
                   CASE WHEN c.zone_left_date < c.full_on THEN 'left_before_year' END,
                   CASE WHEN c.full_on > (pack ->> 'to')::date AND NOT (pack ->> 'second_part_after_window')::boolean
                        THEN 'after_window' END
               ], NULL) AS reasons
        FROM candidate c
    )
    SELECT j.agency_id, j.code, j.name, j.name, j.full_on, j.recorded_at, j.batch_id, j.documents,
           j.reasons = '{}' AND j.awaits = '{}', j.reasons = '{}' AND j.awaits = '{}', j.reasons,
           jsonb_strip_nulls(jsonb_build_object('settled', j.zone_settled_date, 'left', j.zone_left_date)), j.invented,
           agency_is_late(j.agency_id, to_jsonb(j), j.recorded_at, day_over(as_of, pack ->> 'time_zone'),
                          ARRAY['zone_settled_date', 'zone_left_date']), false, false, j.awaits, year_of(j.full_on), 1::bigint, NULL,
           NULL::bigint, NULL::bigint, NULL
    FROM judged j
$$;

CREATE OR REPLACE FUNCTION metric_staff(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT a.agency_id, a.code, a.name, a.name, a.zone_settled_date, a.recorded_at, a.batch_id, a.documents, true, true,
           '{}'::text[], jsonb_strip_nulls(jsonb_build_object('attorneys', a.staff_attorneys, 'lawyers', a.staff_lawyers)),
           a.invented, agency_is_late(a.agency_id, to_jsonb(a), a.recorded_at, day_over(as_of, pack ->> 'time_zone'),
                          ARRAY['staff_attorneys', 'staff_lawyers']),
           a.staff_attorneys IS NULL AND a.staff_lawyers IS NULL, false, '{}'::text[], NULL::int,
           (coalesce(a.staff_attorneys, 0) + coalesce(a.staff_lawyers, 0))::bigint, NULL, NULL::bigint, NULL::bigint, NULL
    FROM agency_at(known_at) a WHERE agency IS NULL OR a.agency_id = agency
$$;

-- Takes part in the pilot.
CREATE OR REPLACE FUNCTION metric_pilot(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT a.agency_id, a.code, a.name, a.name, NULL::date, a.recorded_at, a.batch_id, a.documents,
           coalesce(a.pilot_open_licence, false), coalesce(a.pilot_open_licence, false),
           CASE WHEN NOT a.pilot_open_licence THEN ARRAY['not_in_pilot'] ELSE '{}' END, '{}'::jsonb, a.invented,
           agency_is_late(a.agency_id, to_jsonb(a), a.recorded_at, day_over(as_of, pack ->> 'time_zone'),
                          ARRAY['pilot_open_licence']), false, false,
           CASE WHEN a.pilot_open_licence IS NULL THEN ARRAY['pilot_open_licence'] ELSE '{}' END, NULL::int, 1::bigint, NULL,
           NULL::bigint, NULL::bigint, NULL
    FROM agency_at(known_at) a WHERE agency IS NULL OR a.agency_id = agency
$$;

-- Entrusted by a government department.
CREATE OR REPLACE FUNCTION metric_entrustment(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT a.*, coalesce(a.entrusted_date > as_of, false) AS later, a.entrusted_by IS NULL AND a.entrusted_date IS NULL AS unsaid
        FROM agency_at(known_at) a WHERE agency IS NULL OR a.agency_id = agency
    )
    SELECT c.agency_id, c.code, c.name, c.entrusted_by, c.entrusted_date, c.recorded_at, c.batch_id, c.documents,
           NOT c.later AND NOT c.unsaid, NOT c.later AND NOT c.unsaid, CASE WHEN c.later THEN ARRAY['after_day'] ELSE '{}' END,
           '{}'::jsonb, c.invented, agency_is_late(c.agency_id, to_jsonb(c), c.recorded_at, day_over(as_of, pack ->> 'time_zone'),
                          ARRAY['entrusted_by', 'entrusted_date']), false, false,
           CASE WHEN c.unsaid THEN ARRAY['entrusted_by'] ELSE '{}' END, NULL::int, 1::bigint, NULL, NULL::bigint, NULL::bigint, NULL
    FROM candidate c
$$;

-- Cases won in the calendar year before the agency settled.
CREATE OR REPLACE FUNCTION metric_cases(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision, coalesce(d.invented, false) AS decision_invented,
               settlement_awaited(a.zone_settled_date) AS awaits, a.invented AS agency_invented,
               array_remove(ARRAY[
                   CASE WHEN s.succeeded_date > as_of THEN 'after_day' END,
                   CASE WHEN year_of(s.succeeded_date) <> year_of(a.zone_settled_date) - 1 THEN 'other_year' END,
                   decision_reason(d.verdict, 'case', pack -> 'accepted_kinds'),
                   CASE WHEN NOT pack -> 'case_kinds' ? s.kind THEN 'kind_not_named' END
               ], NULL) AS reasons,
               fact_is_late('case', s.case_id, to_jsonb(s), s.recorded_at, day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM success_case_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('case', as_of, known_at) d ON d.agency_id = s.agency_id AND d.key = s.number
        WHERE agency IS NULL OR s.agency_id = agency
    )
    SELECT c.agency_id, c.number, c.kind, c.client, c.succeeded_date, c.recorded_at, c.batch_id, c.documents,
           c.reasons = '{}' AND c.awaits = '{}', c.reasons = '{}' AND c.awaits = '{}', c.reasons,
           jsonb_strip_nulls(jsonb_build_object('decision', c.decision)), c.invented OR c.agency_invented OR c.decision_invented,
           c.is_late OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'), false, false, c.awaits,
           year_of(c.succeeded_date), 1::bigint, NULL, NULL::bigint, NULL::bigint, NULL
    FROM candidate c
$$;

-- Clients among the China Top 500, each once.
CREATE OR REPLACE FUNCTION metric_top500_clients(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision, coalesce(d.invented, false) AS decision_invented,
               a.invented AS agency_invented,
               CASE WHEN pack ->> 'top500_year' = 'year_before' AND s.top500_year IS NOT NULL
                    THEN settlement_awaited(a.zone_settled_date) ELSE '{}' END AS awaits,
               array_remove(ARRAY[
                   CASE WHEN s.top500_year IS NULL THEN 'not_top500' WHEN s.top500_year > year_of(as_of) THEN 'after_day' END,
                   CASE WHEN pack ->> 'top500_year' = 'year_before' AND s.top500_year <> year_of(a.zone_settled_date) - 1
                        THEN 'other_year' END,
                   decision_reason(d.verdict, 'client', pack -> 'accepted_kinds')
               ], NULL) AS against,
               fact_is_late('client', s.client_id, to_jsonb(s), s.recorded_at, day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM client_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('client', as_of, known_at) d ON d.agency_id = s.agency_id AND d.key = s.key
        WHERE agency IS NULL OR s.agency_id = agency
    ), judged AS (
        SELECT c.*, CASE WHEN row_number() OVER (PARTITION BY c.agency_id, coalesce(c.uscc, c.key), c.against = '{}'
                                                 ORDER BY c.first_recorded_at, c.client_id) > 1 AND c.against = '{}'
                         THEN ARRAY['same_client'] ELSE c.against END AS reasons
        FROM candidate c
    )
    SELECT j.agency_id, j.key, j.name, j.name, NULL::date, j.recorded_at, j.batch_id, j.documents,
           j.reasons = '{}' AND j.awaits = '{}', j.reasons = '{}' AND j.awaits = '{}', j.reasons,
           jsonb_strip_nulls(jsonb_build_object('uscc', j.uscc, 'top500_year', j.top500_year, 'decision', j.decision)),
           j.invented OR j.agency_invented OR j.decision_invented,
           j.is_late OR decision_is_late(j.effective, j.decided_at, pack ->> 'time_zone'), false, false, j.awaits,
           j.top500_year, 1::bigint, NULL, NULL::bigint, NULL::bigint, NULL
    FROM judged j
$$;

GRANT EXECUTE ON FUNCTION agency_is_late, metric_settlement, metric_operation_year, metric_staff, metric_pilot, metric_entrustment, metric_cases,
    metric_top500_clients
    TO patbridge_service, patbridge_across, patbridge_readonly;
