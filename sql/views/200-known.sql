-- 200 known: registers and facts as they were known at a moment. A row in force counts from its recorded_at on; before that the
-- version that was valid then. Each function is one SELECT, so that the planner sees through it.

CREATE OR REPLACE FUNCTION agency_at(known_at timestamptz) RETURNS SETOF agency LANGUAGE sql STABLE AS $$
    SELECT r.* FROM agency r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::agency, v.record)).* FROM register_version v
    WHERE v.kind = 'agency' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION enterprise_at(known_at timestamptz) RETURNS SETOF enterprise LANGUAGE sql STABLE AS $$
    SELECT r.* FROM enterprise r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::enterprise, v.record)).* FROM register_version v
    WHERE v.kind = 'enterprise' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION expert_at(known_at timestamptz) RETURNS SETOF expert LANGUAGE sql STABLE AS $$
    SELECT r.* FROM expert r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::expert, v.record)).* FROM register_version v
    WHERE v.kind = 'expert' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION institution_at(known_at timestamptz) RETURNS SETOF institution LANGUAGE sql STABLE AS $$
    SELECT r.* FROM institution r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::institution, v.record)).* FROM register_version v
    WHERE v.kind = 'institution' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION need_at(known_at timestamptz) RETURNS SETOF need LANGUAGE sql STABLE AS $$
    SELECT r.* FROM need r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::need, v.record)).* FROM fact_version v
    WHERE v.kind = 'need' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION deal_at(known_at timestamptz) RETURNS SETOF deal LANGUAGE sql STABLE AS $$
    SELECT r.* FROM deal r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::deal, v.record)).* FROM fact_version v
    WHERE v.kind = 'deal' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION declared_push_at(known_at timestamptz) RETURNS SETOF declared_push LANGUAGE sql STABLE AS $$
    SELECT r.* FROM declared_push r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::declared_push, v.record)).* FROM fact_version v
    WHERE v.kind = 'declared_push' AND v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

CREATE OR REPLACE FUNCTION patent_at(known_at timestamptz) RETURNS SETOF patent LANGUAGE sql STABLE AS $$
    SELECT r.* FROM patent r WHERE r.recorded_at <= known_at
    UNION ALL
    SELECT (jsonb_populate_record(NULL::patent, v.record)).* FROM patent_version v
    WHERE v.recorded_at <= known_at AND v.superseded_at > known_at
$$;

-- Under this two spellings of a name are one: NFKC, brackets of one form, without blanks and zero-width characters, lower case.
-- Most names are ideographs, letters and round brackets alone, codes letters and digits: theirs is had at a third of the cost.
CREATE OR REPLACE FUNCTION folded_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN name ~ '^[0-9a-z()\u4e00-\u9fff]*$' THEN name
        WHEN name ~ '^[0-9A-Za-z]*$' THEN lower(name COLLATE "C")
        WHEN name ~ '^[0-9A-Za-z()（）\u4e00-\u9fff]*$' THEN lower(translate(name, '（）', '()'))
        ELSE translate(lower(regexp_replace(normalize(name, NFKC), '[\s\u200b-\u200d\u2060\ufeff]+', '', 'g')), '[]{}〔〕【】', '()()()()')
        END
$$;

-- The moment at which a day is over.
CREATE OR REPLACE FUNCTION day_over(day date, zone text) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (day + 1)::timestamp AT TIME ZONE zone
$$;

GRANT EXECUTE ON FUNCTION agency_at, enterprise_at, expert_at, institution_at, need_at, deal_at, declared_push_at, patent_at,
    folded_name, day_over TO patbridge_service, patbridge_across, patbridge_readonly;
