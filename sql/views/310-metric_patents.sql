-- 310 metric_patents: one row per application (or per publication known alone) that an agency holds.

-- Holdings in force at a moment, with the moment since which the claim stands: a later row that only repeats an earlier
-- claim does not make it late.
CREATE OR REPLACE FUNCTION patent_held(as_of date, known_at timestamptz, agency int)
RETURNS TABLE (patent_id bigint, agency_id int, held_since date, claimed_at timestamptz, recorded_at timestamptz, batch_id bigint)
LANGUAGE sql STABLE AS $$
    SELECT h.patent_id, h.agency_id, h.held_since, least(h.recorded_at, e.recorded_at), h.recorded_at, h.batch_id
    FROM (SELECT * FROM patent_holding f WHERE f.superseded_at IS NULL -- two branches: each has an index
          UNION ALL SELECT * FROM patent_holding p WHERE p.superseded_at IS NOT NULL AND p.superseded_at > known_at) h
        LEFT JOIN (
            SELECT o.patent_id, o.agency_id, min(o.recorded_at) AS recorded_at
            FROM patent_holding o
            WHERE o.superseded_at IS NOT NULL AND o.held_since <= as_of AND (agency IS NULL OR o.agency_id = agency)
            GROUP BY o.patent_id, o.agency_id) e
        ON e.patent_id = h.patent_id AND e.agency_id = h.agency_id
    WHERE h.recorded_at <= known_at AND (agency IS NULL OR h.agency_id = agency)
$$;

-- The same with merged patents followed to the one that stands, each once.
CREATE OR REPLACE FUNCTION patent_held_merged(as_of date, known_at timestamptz, agency int)
RETURNS TABLE (patent_id bigint, agency_id int, held_since date, claimed_at timestamptz, recorded_at timestamptz, batch_id bigint)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE merged AS MATERIALIZED (
        SELECT p.patent_id, p.merged_into FROM patent_at(known_at) p WHERE p.merged_into IS NOT NULL
    ), root (patent_id, root_id) AS (
        SELECT m.patent_id, m.merged_into FROM merged m
        UNION
        SELECT r.patent_id, m.merged_into FROM root r JOIN merged m ON m.patent_id = r.root_id
    ), standing AS (
        SELECT r.patent_id, r.root_id FROM root r WHERE r.root_id NOT IN (SELECT m.patent_id FROM merged m)
    ), followed AS (
        SELECT DISTINCT ON (s.root_id, h.agency_id) s.root_id, h.agency_id, h.held_since, h.claimed_at, h.recorded_at, h.batch_id
        FROM patent_held(as_of, known_at, agency) h JOIN standing s ON s.patent_id = h.patent_id
        ORDER BY s.root_id, h.agency_id, h.held_since
    )
    SELECT h.patent_id, h.agency_id, h.held_since, h.claimed_at, h.recorded_at, h.batch_id
    FROM patent_held(as_of, known_at, agency) h WHERE h.patent_id NOT IN (SELECT m.patent_id FROM merged m)
    UNION ALL
    SELECT f.root_id, f.agency_id, f.held_since, f.claimed_at, f.recorded_at, f.batch_id
    FROM followed f LEFT JOIN patent_holding own ON own.patent_id = f.root_id AND own.agency_id = f.agency_id
        AND own.recorded_at <= known_at AND (own.superseded_at IS NULL OR own.superseded_at > known_at)
    WHERE own.patent_id IS NULL
$$;

-- The last application date whose term of so many years is over on a day: the 29th of February is full on the 28th.
CREATE OR REPLACE FUNCTION last_over(as_of date, years int) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN ((as_of - make_interval(years => years))::date + 1) + make_interval(years => years) <= as_of
                THEN (as_of - make_interval(years => years))::date + 1 ELSE (as_of - make_interval(years => years))::date END
$$;

-- What the pack says of patents, read once for all of them; the last application dates of which the term is over.
CREATE OR REPLACE FUNCTION patent_said(pack jsonb, as_of date)
RETURNS TABLE (needed jsonb, left_out jsonb, unknown_counts boolean, zone text, over timestamptz, invention date, utility_model date,
    design date, design_day date, design_before date) LANGUAGE sql STABLE AS $$
    SELECT pack -> 'accepted_kinds', pack -> 'patent_statuses_left_out', (pack ->> 'patent_unknown_counts')::boolean,
           pack ->> 'time_zone', day_over(as_of, pack ->> 'time_zone'), last_over(as_of, (y.years ->> 'invention')::int),
           last_over(as_of, (y.years ->> 'utility_model')::int), last_over(as_of, (y.years ->> 'design')::int),
           (y.years #>> '{design_before,day}')::date, last_over(as_of, (y.years #>> '{design_before,years}')::int)
    FROM (SELECT pack -> 'patent_term_years') y (years)
$$;

DROP FUNCTION IF EXISTS patent_term(jsonb, text, date);
-- The rows of the metric; patents: of these patents alone (null: of all).
CREATE OR REPLACE FUNCTION metric_patents_of(pack jsonb, as_of date, known_at timestamptz, agency int, patents bigint[])
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH said AS MATERIALIZED (
        SELECT * FROM patent_said(pack, as_of)
    ), candidate AS (
        SELECT h.agency_id, h.held_since, h.claimed_at, h.recorded_at AS held_at, h.batch_id AS held_batch,
               p.application_number, p.publication_number, p.title, p.type, p.application_date, p.applicants, p.documents,
               p.invented OR coalesce(d.invented, false) AS invented, s.status, s.status_date, d.effective, d.decided_at,
               d.reason AS decision, w.over, w.zone,
               array_remove(ARRAY[
                   CASE WHEN h.held_since > as_of THEN 'not_held_yet' END,
                   CASE WHEN p.application_date > as_of THEN 'not_filed_yet' END,
                   decision_reason(d.verdict, 'patent', w.needed),
                   CASE WHEN w.left_out ? s.status THEN s.status END,
                   CASE WHEN p.application_date <= CASE p.type
                            WHEN 'invention' THEN w.invention WHEN 'utility_model' THEN w.utility_model
                            WHEN 'design' THEN CASE WHEN p.application_date < w.design_day THEN w.design_before ELSE w.design END END
                        THEN 'term_over' END,
                   CASE WHEN s.status IS NULL AND NOT w.unknown_counts THEN 'status_unknown' END
               ], NULL) AS reasons
        FROM said w CROSS JOIN patent_held_merged(as_of, known_at, agency) h
            CROSS JOIN LATERAL (SELECT * FROM patent_at(known_at) o WHERE o.patent_id = h.patent_id OFFSET 0) p -- one by one
            LEFT JOIN LATERAL ( -- as patent_status_at(), by the index that has just this order
                SELECT DISTINCT ON (t.patent_id) t.status, t.status_date
                FROM (SELECT DISTINCT ON (r.status_date) r.patent_id, r.status_date, r.status
                      FROM patent_status r
                      WHERE r.patent_id = h.patent_id AND r.recorded_at <= known_at
                          AND (r.status_date IS NULL OR r.status_date <= as_of)
                      ORDER BY r.status_date DESC NULLS LAST, r.recorded_at DESC) t
                WHERE t.status IS NOT NULL AND t.patent_id = h.patent_id
                ORDER BY t.patent_id, t.status_date DESC NULLS LAST) s ON true
            LEFT JOIN (SELECT * FROM patent_decision_at(as_of, known_at) o WHERE agency IS NULL OR o.agency_id = agency) d
                ON d.patent_id = h.patent_id AND d.agency_id = h.agency_id
        WHERE patents IS NULL OR h.patent_id = ANY (patents)
        OFFSET 0 -- the reasons are reckoned once for each row
    )
    SELECT c.agency_id, coalesce(c.application_number, c.publication_number), c.title, array_to_string(c.applicants, '; '),
           c.held_since, c.held_at, c.held_batch, c.documents, c.reasons = '{}', c.reasons = '{}', c.reasons,
           jsonb_strip_nulls(jsonb_build_object('type', c.type, 'application_date', c.application_date, 'status', c.status,
               'status_date', c.status_date, 'decision', c.decision)),
           c.invented,
           c.claimed_at >= c.over OR decision_is_late(c.effective, c.decided_at, c.zone),
           c.status IS NULL, false
    FROM candidate c
$$;

CREATE OR REPLACE FUNCTION metric_patents(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    SELECT * FROM metric_patents_of(pack, as_of, known_at, agency, NULL)
$$;

GRANT EXECUTE ON FUNCTION patent_held, patent_held_merged, last_over, patent_said, metric_patents,
    metric_patents_of TO patbridge_service, patbridge_across, patbridge_readonly;
