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

-- Years for which a right lasts from its application date; null where the type is not known.
CREATE OR REPLACE FUNCTION patent_term(pack jsonb, type text, filed date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN type = 'design' AND filed < (pack #>> '{patent_term_years,design_before,day}')::date
                THEN (pack #>> '{patent_term_years,design_before,years}')::int
                ELSE (pack -> 'patent_term_years' ->> type)::int END
$$;

CREATE OR REPLACE FUNCTION metric_patents(pack jsonb, as_of date, known_at timestamptz, agency int)
RETURNS SETOF metric_row LANGUAGE sql STABLE AS $$
    WITH held AS MATERIALIZED (
        SELECT * FROM patent_held_merged(as_of, known_at, agency)
    ), status AS ( -- as patent_status_at(), of these alone
        SELECT DISTINCT ON (s.patent_id) s.patent_id, s.status, s.status_date
        FROM (SELECT DISTINCT ON (t.patent_id, t.status_date) t.patent_id, t.status_date, t.status
              FROM (SELECT DISTINCT h.patent_id FROM held h) o JOIN patent_status t ON t.patent_id = o.patent_id
              WHERE t.recorded_at <= known_at AND (t.status_date IS NULL OR t.status_date <= as_of)
              ORDER BY t.patent_id, t.status_date, t.recorded_at DESC) s
        WHERE s.status IS NOT NULL
        ORDER BY s.patent_id, s.status_date DESC NULLS LAST
    ), candidate AS (
        SELECT h.agency_id, h.held_since, h.claimed_at, h.recorded_at AS held_at, h.batch_id AS held_batch,
               p.application_number, p.publication_number, p.title, p.type, p.application_date, p.applicants, p.documents,
               p.invented OR coalesce(d.invented, false) AS invented, s.status, s.status_date, d.effective, d.decided_at,
               d.reason AS decision,
               array_remove(ARRAY[
                   CASE WHEN h.held_since > as_of THEN 'not_held_yet' END,
                   CASE WHEN p.application_date > as_of THEN 'not_filed_yet' END,
                   decision_reason(d.verdict, 'patent', pack -> 'accepted_kinds'),
                   CASE WHEN pack -> 'patent_statuses_left_out' ? s.status THEN s.status END,
                   CASE WHEN p.application_date + make_interval(years => patent_term(pack, p.type, p.application_date)) <= as_of
                        THEN 'term_over' END,
                   CASE WHEN s.status IS NULL AND NOT (pack ->> 'patent_unknown_counts')::boolean THEN 'status_unknown' END
               ], NULL) AS reasons
        FROM held h
            CROSS JOIN LATERAL (SELECT * FROM patent_at(known_at) o WHERE o.patent_id = h.patent_id OFFSET 0) p -- one by one
            LEFT JOIN status s ON s.patent_id = h.patent_id
            LEFT JOIN (SELECT * FROM patent_decision_at(as_of, known_at) o WHERE agency IS NULL OR o.agency_id = agency) d
                ON d.patent_id = h.patent_id AND d.agency_id = h.agency_id
    )
    SELECT c.agency_id, coalesce(c.application_number, c.publication_number), c.title, array_to_string(c.applicants, '; '),
           c.held_since, c.held_at, c.held_batch, c.documents, c.reasons = '{}', c.reasons = '{}', c.reasons,
           jsonb_strip_nulls(jsonb_build_object('type', c.type, 'application_date', c.application_date, 'status', c.status,
               'status_date', c.status_date, 'decision', c.decision)),
           c.invented,
           c.claimed_at >= day_over(as_of, pack ->> 'time_zone')
               OR decision_is_late(c.effective, c.decided_at, pack ->> 'time_zone'),
           c.status IS NULL, false
    FROM candidate c
$$;

GRANT EXECUTE ON FUNCTION patent_held, patent_held_merged, patent_term, metric_patents
    TO patbridge_service, patbridge_across, patbridge_readonly;
