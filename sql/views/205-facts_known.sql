-- 205 facts_known: the facts of the other clauses as they were known at a moment (see 200), and whether one came late.

CREATE OR REPLACE FUNCTION open_licence_at(known_at timestamptz) RETURNS SETOF open_licence LANGUAGE sql STABLE AS $$
    SELECT r.* FROM open_licence r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::open_licence, v.record)).* FROM fact_version v
    WHERE v.kind = 'open_licence' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION loan_at(known_at timestamptz) RETURNS SETOF loan LANGUAGE sql STABLE AS $$
    SELECT r.* FROM loan r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::loan, v.record)).* FROM fact_version v
    WHERE v.kind = 'loan' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION sale_at(known_at timestamptz) RETURNS SETOF sale LANGUAGE sql STABLE AS $$
    SELECT r.* FROM sale r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::sale, v.record)).* FROM fact_version v
    WHERE v.kind = 'sale' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION event_at(known_at timestamptz) RETURNS SETOF event LANGUAGE sql STABLE AS $$
    SELECT r.* FROM event r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::event, v.record)).* FROM fact_version v
    WHERE v.kind = 'event' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION navigation_project_at(known_at timestamptz) RETURNS SETOF navigation_project LANGUAGE sql STABLE AS $$
    SELECT r.* FROM navigation_project r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::navigation_project, v.record)).* FROM fact_version v
    WHERE v.kind = 'navigation_project' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION attorney_at(known_at timestamptz) RETURNS SETOF attorney LANGUAGE sql STABLE AS $$
    SELECT r.* FROM attorney r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::attorney, v.record)).* FROM fact_version v
    WHERE v.kind = 'attorney' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION success_case_at(known_at timestamptz) RETURNS SETOF success_case LANGUAGE sql STABLE AS $$
    SELECT r.* FROM success_case r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::success_case, v.record)).* FROM fact_version v
    WHERE v.kind = 'case' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION client_at(known_at timestamptz) RETURNS SETOF client LANGUAGE sql STABLE AS $$
    SELECT r.* FROM client r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::client, v.record)).* FROM fact_version v
    WHERE v.kind = 'client' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION platform_review_at(known_at timestamptz) RETURNS SETOF platform_review LANGUAGE sql STABLE AS $$
    SELECT r.* FROM platform_review r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::platform_review, v.record)).* FROM fact_version v
    WHERE v.kind = 'platform_review' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

-- What a fact says, without where and when it was recorded.
CREATE OR REPLACE FUNCTION fact_words(record jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT record - ARRAY['recorded_at', 'first_recorded_at', 'change_seq', 'batch_id', 'source', 'documents', 'extra']
$$;

-- Not yet known with these words when the day was over.
CREATE OR REPLACE FUNCTION fact_is_late(wanted text, id bigint, record jsonb, recorded timestamptz, over timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT recorded >= over AND NOT EXISTS (
        SELECT FROM fact_version v
        WHERE v.record_id = id AND v.kind = wanted AND v.recorded_at < over AND v.superseded_at >= over
            AND fact_words(v.record) = fact_words(record))
$$;

GRANT EXECUTE ON FUNCTION open_licence_at, loan_at, sale_at, event_at, navigation_project_at, attorney_at, success_case_at, client_at, platform_review_at, fact_words, fact_is_late
    TO patbridge_service, patbridge_across, patbridge_readonly;
