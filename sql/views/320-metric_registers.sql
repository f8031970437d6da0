-- 320 metric_enterprises, metric_experts, metric_institutions: one row per record of the register that an agency holds.

CREATE OR REPLACE FUNCTION record_held(wanted text, as_of date, known_at timestamptz, agency int)
RETURNS TABLE (record_id bigint, agency_id int, source_id text, held_since date, claimed_at timestamptz, recorded_at timestamptz,
    batch_id bigint) LANGUAGE sql STABLE AS $$
    SELECT h.record_id, h.agency_id, h.source_id, h.held_since, least(h.recorded_at, e.recorded_at), h.recorded_at, h.batch_id
    FROM record_holding h LEFT JOIN (
            SELECT o.record_id, o.agency_id, min(o.recorded_at) AS recorded_at
            FROM record_holding o
            WHERE o.superseded_at IS NOT NULL AND o.held_since <= as_of AND (agency IS NULL OR o.agency_id = agency)
            GROUP BY o.record_id, o.agency_id) e
        ON e.record_id = h.record_id AND e.agency_id = h.agency_id
    WHERE h.kind = wanted AND h.recorded_at <= known_at AND (h.superseded_at IS NULL OR h.superseded_at > known_at)
        AND (agency IS NULL OR h.agency_id = agency)
$$;

-- The qualifications of one of the pack's kinds, each with its certificate: on_day says whether it is valid then.
CREATE OR REPLACE FUNCTION qualification_on(qualifications jsonb, kinds jsonb, as_of date)
RETURNS TABLE (item jsonb, on_day boolean) LANGUAGE sql IMMUTABLE AS $$
    SELECT q.item, (q.item ->> 'valid_from')::date <= as_of AND coalesce((q.item ->> 'valid_to')::date >= as_of, true)
    FROM jsonb_array_elements(qualifications) q (item)
    WHERE kinds ? (q.item ->> 'kind') AND btrim(q.item ->> 'certificate') <> '' AND q.item ->> 'valid_from' IS NOT NULL
$$;

-- The rows of the metric; ids: of these enterprises alone (null: of all).
CREATE OR REPLACE FUNCTION metric_enterprises_of(pack jsonb, as_of date, known_at timestamptz, agency int, ids bigint[])
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH qualified AS (
        SELECT e.*, q.valid, q.listed
        FROM enterprise_at(known_at) e CROSS JOIN LATERAL (
            SELECT coalesce(jsonb_agg(o.item) FILTER (WHERE o.on_day), '[]') AS valid, count(*) AS listed
            FROM qualification_on(e.qualifications, pack -> 'qualification_kinds', as_of) o) q
        WHERE ids IS NULL OR e.enterprise_id = ANY (ids)
    ), in_time AS MATERIALIZED ( -- of those recorded since, already qualified by what was known when the day was over: a version, then
        SELECT e.enterprise_id
        FROM (SELECT o.record_id, o.record FROM register_version o
              WHERE o.kind = 'enterprise' AND o.recorded_at < day_over(as_of, pack ->> 'time_zone')
                  AND o.superseded_at >= day_over(as_of, pack ->> 'time_zone')) v
            CROSS JOIN LATERAL jsonb_populate_record(NULL::enterprise, v.record) e
        WHERE (agency IS NULL OR ids IS NOT NULL
               OR v.record_id IN (SELECT o.record_id FROM record_holding o WHERE o.agency_id = agency))
            AND (ids IS NULL OR v.record_id = ANY (ids))
            AND EXISTS (SELECT FROM qualification_on(e.qualifications, pack -> 'qualification_kinds', as_of) o WHERE o.on_day)
    ), candidate AS (
        SELECT h.agency_id, h.held_since, h.claimed_at, h.recorded_at AS held_at, h.batch_id AS held_batch, e.uscc, e.name,
               e.industry, e.documents, e.recorded_at, e.valid, t.enterprise_id IS NOT NULL AS in_time,
               e.invented OR coalesce(d.invented, false) AS invented, d.effective, d.decided_at, d.reason AS decision,
               array_remove(ARRAY[
                   CASE WHEN h.held_since > as_of THEN 'not_held_yet' END,
                   decision_reason(d.verdict, 'enterprise', pack -> 'accepted_kinds'),
                   CASE WHEN e.listed = 0 THEN 'no_qualification' WHEN e.valid = '[]' THEN 'qualification_not_valid' END
               ], NULL) AS reasons
        FROM record_held('enterprise', as_of, known_at, agency) h
            JOIN qualified e ON e.enterprise_id = h.record_id
            LEFT JOIN in_time t ON t.enterprise_id = h.record_id
            LEFT JOIN decision_at('enterprise', as_of, known_at) d ON d.key = e.uscc AND d.agency_id = h.agency_id
        WHERE ids IS NULL OR h.record_id = ANY (ids)
    )
    SELECT c.agency_id, c.uscc, c.name, c.industry, c.held_since, c.held_at, c.held_batch, c.documents,
           c.reasons = '{}', c.reasons = '{}', c.reasons,
           jsonb_strip_nulls(jsonb_build_object('qualifications', c.valid, 'decision', c.decision)), c.invented,
           c.claimed_at >= day_over(as_of, pack ->> 'time_zone')
               OR c.reasons = '{}' AND c.recorded_at >= day_over(as_of, pack ->> 'time_zone') AND NOT c.in_time
               OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           false, false
    FROM candidate c
$$;

CREATE OR REPLACE FUNCTION metric_enterprises(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_enterprises_of(pack, as_of, known_at, agency, NULL)
$$;

CREATE OR REPLACE FUNCTION metric_experts(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT h.agency_id, h.held_since, h.claimed_at, h.recorded_at AS held_at, h.batch_id AS held_batch, x.name, x.employer,
               x.fields, x.consent_date, x.documents, x.invented OR coalesce(d.invented, false) AS invented, d.effective,
               d.decided_at, d.reason AS decision, count(*) OVER (PARTITION BY h.agency_id, split_part(x.key, '/', 1)) - 1 AS namesakes,
               array_remove(ARRAY[
                   CASE WHEN h.held_since > as_of THEN 'not_held_yet' END,
                   decision_reason(d.verdict, 'expert', pack -> 'accepted_kinds'),
                   CASE WHEN cardinality(x.fields) = 0 THEN 'no_field' END,
                   CASE WHEN btrim(x.employer) = '' THEN 'no_employer' END,
                   CASE WHEN x.consent_date IS NULL OR x.consent_date > as_of THEN 'no_consent' END
               ], NULL) AS reasons
        FROM record_held('expert', as_of, known_at, agency) h
            JOIN expert_at(known_at) x ON x.expert_id = h.record_id
            LEFT JOIN decision_at('expert', as_of, known_at) d ON d.key = x.key AND d.agency_id = h.agency_id
    )
    SELECT c.agency_id, c.name || '/' || c.employer, array_to_string(c.fields, '; '), c.employer, c.held_since, c.held_at,
           c.held_batch, c.documents, c.reasons = '{}', c.reasons = '{}', c.reasons,
           jsonb_strip_nulls(jsonb_build_object('consent_date', c.consent_date, 'namesakes', nullif(c.namesakes, 0),
               'decision', c.decision)),
           c.invented,
           c.claimed_at >= day_over(as_of, pack ->> 'time_zone')
               OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           false, false
    FROM candidate c
$$;

CREATE OR REPLACE FUNCTION metric_institutions(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH candidate AS (
        SELECT h.agency_id, h.held_since, h.claimed_at, h.recorded_at AS held_at, h.batch_id AS held_batch, i.uscc, i.name, i.kind,
               i.documents, i.invented OR coalesce(d.invented, false) AS invented, d.effective, d.decided_at,
               d.reason AS decision,
               array_remove(ARRAY[
                   CASE WHEN h.held_since > as_of THEN 'not_held_yet' END,
                   decision_reason(d.verdict, 'institution', pack -> 'accepted_kinds')
               ], NULL) AS reasons
        FROM record_held('institution', as_of, known_at, agency) h
            JOIN institution_at(known_at) i ON i.institution_id = h.record_id
            LEFT JOIN decision_at('institution', as_of, known_at) d ON d.key = i.uscc AND d.agency_id = h.agency_id
    )
    SELECT c.agency_id, c.uscc, c.name, c.kind, c.held_since, c.held_at, c.held_batch, c.documents,
           c.reasons = '{}', c.reasons = '{}', c.reasons, jsonb_strip_nulls(jsonb_build_object('decision', c.decision)),
           c.invented,
           c.claimed_at >= day_over(as_of, pack ->> 'time_zone')
               OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           false, false
    FROM candidate c
$$;

GRANT EXECUTE ON FUNCTION record_held, qualification_on, metric_enterprises, metric_enterprises_of, metric_experts, metric_institutions
    TO patbridge_service, patbridge_across, patbridge_readonly;
