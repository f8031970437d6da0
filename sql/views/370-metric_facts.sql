-- 370 metric_sales, _navigation_projects, _events, _open_licences, _platform_reviews: one row per fact.

-- Invoices, credit notes with them.
-- ids: of these alone (null: of all).
CREATE OR REPLACE FUNCTION metric_sales_of(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision,
               a.invented OR coalesce(d.invented, false) AS beside_invented,
               settlement_awaited(a.zone_settled_date) AS awaits,
               trigger_reasons(pack, as_of, s.date, a.zone_settled_date, a.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'sale', pack -> 'accepted_kinds')
               ], NULL) AS against,
               fact_is_late('sale', s.sale_id, to_jsonb(s), s.recorded_at,
                            day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM sale_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('sale', as_of, known_at) d ON d.agency_id = s.agency_id AND d.key = s.invoice
        WHERE (agency IS NULL OR s.agency_id = agency) AND (ids IS NULL OR s.sale_id = ANY (ids))
    ), told AS (
        SELECT c.*, c.against AS reasons FROM candidate c
    )
    SELECT s.agency_id, s.invoice, s.service, s.client, s.date, s.recorded_at, s.batch_id, s.documents,
           s.reasons = '{}' AND s.awaits = '{}', s.reasons = '{}' AND s.awaits = '{}', s.reasons,
           jsonb_strip_nulls(jsonb_build_object('decision', s.decision)), s.invented OR s.beside_invented,
           s.is_late OR decision_is_late(s.effective, s.decided_at, pack ->> 'time_zone'), false, false, s.awaits,
           year_of(s.date), s.amount_fen, NULL, NULL::bigint, NULL::bigint, NULL
    FROM told s
$$;

CREATE OR REPLACE FUNCTION metric_sales(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_sales_of(pack, as_of, known_at, agency, NULL)
$$;

-- Projects with an enterprise, approved by the bureau.
CREATE OR REPLACE FUNCTION metric_navigation_projects(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision, e.name AS enterprise,
               a.invented OR coalesce(d.invented, false) OR coalesce(e.invented, false) AS beside_invented,
               settlement_awaited(a.zone_settled_date)
                   || CASE WHEN s.approved_date IS NULL THEN ARRAY['approved_date'] ELSE '{}' END AS awaits,
               trigger_reasons(pack, as_of, s.approved_date, a.zone_settled_date, a.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'navigation_project', pack -> 'accepted_kinds')
               ], NULL) AS against,
               fact_is_late('navigation_project', s.navigation_project_id, to_jsonb(s), s.recorded_at,
                            day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM navigation_project_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('navigation_project', as_of, known_at) d ON d.agency_id = s.agency_id AND d.key = s.key
            LEFT JOIN enterprise_at(known_at) e ON e.uscc = s.enterprise_uscc
        WHERE agency IS NULL OR s.agency_id = agency -- and what others tell of the same projects
            OR s.key IN (SELECT o.key FROM navigation_project_at(known_at) o WHERE o.agency_id = agency)
    ), told AS (
        SELECT c.*, CASE WHEN c.against = '{}'
                         THEN array_remove(ARRAY[told_before(pack, row_number() OVER (
                             PARTITION BY c.key, c.against = '{}'
                             ORDER BY c.awaits <> '{}', c.first_recorded_at, c.navigation_project_id))], NULL)
                         ELSE c.against END AS reasons,
               nullif(count(*) OVER (PARTITION BY c.key) > 1, false) AS conflict
        FROM candidate c
    )
    SELECT s.agency_id, s.key, s.name, coalesce(s.enterprise, s.enterprise_uscc), s.approved_date, s.recorded_at, s.batch_id,
           s.documents,
           s.reasons = '{}' AND s.awaits = '{}', s.reasons = '{}' AND s.awaits = '{}', s.reasons,
           jsonb_strip_nulls(jsonb_build_object('approval_number', s.approval_number, 'conflict', s.conflict, 'decision', s.decision)),
           s.invented OR s.beside_invented,
           s.is_late OR decision_is_late(s.effective, s.decided_at, pack ->> 'time_zone'), false, false, s.awaits,
           year_of(s.approved_date), 1::bigint, s.enterprise_uscc, (pack ->> 'each_fen')::bigint,
           (pack ->> 'each_fen')::bigint, NULL
    FROM told s WHERE agency IS NULL OR s.agency_id = agency
$$;

-- Events. event_standard in the pack: {attendance, days}, or null while the bureau has not published it.
CREATE OR REPLACE FUNCTION metric_events(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision,
               a.invented OR coalesce(d.invented, false) AS beside_invented,
               settlement_awaited(a.zone_settled_date)
                   || CASE WHEN jsonb_typeof(pack -> 'event_standard') = 'object' THEN '{}' ELSE ARRAY['event_standard'] END AS awaits,
               trigger_reasons(pack, as_of, s.start, a.zone_settled_date, a.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'event', pack -> 'accepted_kinds'),
                   CASE WHEN NOT pack -> 'event_kinds' ? s.kind THEN 'kind_not_named' END,
                   CASE WHEN s."end" < s.start THEN 'bad_dates' END,
                   CASE WHEN NOT EXISTS (SELECT FROM jsonb_array_elements_text(pack -> 'event_words') w (word)
                                         WHERE position(w.word IN concat_ws(' ', s.name, s.subject)) > 0) THEN 'not_on_ip' END,
                   CASE WHEN btrim(s.partner) = '' THEN 'no_partner' END,
                   CASE WHEN s.announced_date IS NULL THEN 'not_announced' WHEN s.announced_date >= s.start THEN 'announced_late' END,
                   CASE WHEN s.attendance < (pack #>> '{event_standard,attendance}')::int THEN 'too_few_people' END,
                   CASE WHEN s."end" - s.start + 1 < (pack #>> '{event_standard,days}')::int THEN 'too_short' END
               ], NULL) AS against,
               fact_is_late('event', s.event_id, to_jsonb(s), s.recorded_at,
                            day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM event_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('event', as_of, known_at) d ON d.agency_id = s.agency_id AND d.key = s.key
        WHERE agency IS NULL OR s.agency_id = agency -- and what others tell of the same events
            OR s.key IN (SELECT o.key FROM event_at(known_at) o WHERE o.agency_id = agency)
    ), told AS (
        SELECT c.*, CASE WHEN c.against = '{}'
                         THEN array_remove(ARRAY[told_before(pack, row_number() OVER (
                             PARTITION BY c.key, c.against = '{}'
                             ORDER BY c.awaits <> '{}', c.first_recorded_at, c.event_id))], NULL)
                         ELSE c.against END AS reasons,
               nullif(count(*) OVER (PARTITION BY c.key) > 1, false) AS conflict
        FROM candidate c
    )
    SELECT s.agency_id, s.key, s.name, s.partner, s.start, s.recorded_at, s.batch_id, s.documents,
           s.reasons = '{}' AND s.awaits = '{}', s.reasons = '{}' AND s.awaits = '{}', s.reasons,
           jsonb_strip_nulls(jsonb_build_object('kind', s.kind, 'announced', s.announced_date, 'end', s."end",
               'attendance', s.attendance, 'conflict', s.conflict, 'decision', s.decision)), s.invented OR s.beside_invented,
           s.is_late OR decision_is_late(s.effective, s.decided_at, pack ->> 'time_zone'), false, false, s.awaits,
           year_of(s.start), 1::bigint, NULL, (pack ->> 'each_fen')::bigint,
           (pack ->> 'each_fen')::bigint, NULL
    FROM told s WHERE agency IS NULL OR s.agency_id = agency
$$;

CREATE OR REPLACE FUNCTION same_patent(place bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN place > 1 THEN 'same_patent' END
$$;

-- Open-licence statements collected and published, one per patent; of the industries that the pack names, where it names any.
CREATE OR REPLACE FUNCTION metric_open_licences(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision, p.patent_id,
               a.invented OR coalesce(d.invented, false) AS beside_invented,
               settlement_awaited(a.zone_settled_date) AS awaits,
               trigger_reasons(pack, as_of, s.published_date, a.zone_settled_date, a.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'open_licence', pack -> 'accepted_kinds'),
                   CASE WHEN pack -> 'local_industries' <> '[]' AND NOT EXISTS (
                            SELECT FROM jsonb_array_elements_text(pack -> 'local_industries') i (industry)
                            WHERE starts_with(s.industry, i.industry)) THEN 'other_industry' END
               ], NULL) AS against,
               fact_is_late('open_licence', s.open_licence_id, to_jsonb(s), s.recorded_at,
                            day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM open_licence_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('open_licence', as_of, known_at) d ON d.agency_id = s.agency_id AND d.key = s.patent
            LEFT JOIN patent_alias p ON p.number = s.patent
    ), told AS (
        SELECT c.*, CASE WHEN c.against = '{}'
                         THEN array_remove(ARRAY[same_patent(row_number() OVER (
                             PARTITION BY c.agency_id, coalesce(c.patent_id::text, c.patent), c.against = '{}'
                             ORDER BY c.awaits <> '{}', c.first_recorded_at, c.open_licence_id))], NULL)
                         ELSE c.against END AS reasons
        FROM candidate c
    )
    SELECT s.agency_id, s.patent, s.fee_terms, s.patentee, s.published_date, s.recorded_at, s.batch_id, s.documents,
           s.reasons = '{}' AND s.awaits = '{}', s.reasons = '{}' AND s.awaits = '{}', s.reasons,
           jsonb_strip_nulls(jsonb_build_object('industry', s.industry, 'statement_number', s.statement_number,
               'valid_to', s.valid_to, 'decision', s.decision)), s.invented OR s.beside_invented,
           s.is_late OR decision_is_late(s.effective, s.decided_at, pack ->> 'time_zone'), s.industry IS NULL, false, s.awaits,
           year_of(s.published_date), 1::bigint, NULL, NULL::bigint, NULL::bigint, NULL
    FROM told s WHERE agency IS NULL OR s.agency_id = agency
$$;

-- Projects approved in the review; the purposes named are shown, each with its evidence.
CREATE OR REPLACE FUNCTION metric_platform_reviews(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF clause_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT s.*, d.effective, d.decided_at, d.reason AS decision,
               a.invented OR coalesce(d.invented, false) AS beside_invented,
               settlement_awaited(a.zone_settled_date) AS awaits,
               trigger_reasons(pack, as_of, s.approved_date, a.zone_settled_date, a.zone_left_date) || array_remove(ARRAY[
                   decision_reason(d.verdict, 'platform_review', pack -> 'accepted_kinds')
               ], NULL) AS against,
               fact_is_late('platform_review', s.platform_review_id, to_jsonb(s), s.recorded_at,
                            day_over(as_of, pack ->> 'time_zone')) AS is_late
        FROM platform_review_at(known_at) s JOIN agency_at(known_at) a ON a.agency_id = s.agency_id
            LEFT JOIN decision_at('platform_review', as_of, known_at) d
                ON d.agency_id = s.agency_id AND d.key = s.approval_number
        WHERE agency IS NULL OR s.agency_id = agency
    ), told AS (
        SELECT c.*, c.against AS reasons FROM candidate c
    )
    SELECT s.agency_id, s.approval_number, NULL, NULL, s.approved_date, s.recorded_at, s.batch_id, s.documents,
           s.reasons = '{}' AND s.awaits = '{}', s.reasons = '{}' AND s.awaits = '{}', s.reasons,
           jsonb_strip_nulls(jsonb_build_object('functions', s.functions, 'decision', s.decision)), s.invented OR s.beside_invented,
           s.is_late OR decision_is_late(s.effective, s.decided_at, pack ->> 'time_zone'), false, false, s.awaits,
           year_of(s.approved_date), 1::bigint, NULL, (pack ->> 'each_fen')::bigint,
           (pack ->> 'each_fen')::bigint, NULL
    FROM told s
$$;

GRANT EXECUTE ON FUNCTION metric_sales, metric_sales_of, metric_navigation_projects, metric_events, metric_open_licences, metric_platform_reviews,
    same_patent
    TO patbridge_service, patbridge_across, patbridge_readonly;
