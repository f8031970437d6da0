-- 398 kept: whether a figure that was counted before is still what counting would give.
--
-- Every transaction that changes something that can change a count leaves rows in track_change, in the same transaction (sql/kept.c). A
-- kept figure names the state of the database in which it was counted, as pg_snapshot does. A change of a transaction that was not
-- part of that state, however it was interleaved, makes the figure stale if it bears on it. Where in doubt it does.

-- The sources that a metric reads.
CREATE OR REPLACE FUNCTION track_reads(metric text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE metric
        WHEN 'patents' THEN '{patent,patent_alias,patent_holding,patent_status,decision}'::text[]
        WHEN 'enterprises' THEN '{enterprise,record_holding,decision}'
        WHEN 'experts' THEN '{expert,record_holding,decision}'
        WHEN 'institutions' THEN '{institution,record_holding,decision}'
        WHEN 'needs' THEN '{need,need_pair,enterprise,decision}'
        WHEN 'pushes' THEN '{push,push_event,declared_push,enterprise,patent,patent_alias,decision}'
        WHEN 'deals' THEN '{agency,deal,push,push_event,patent_lookup,declared_push,enterprise,patent,patent_alias,decision}'
        WHEN 'settlement' THEN '{agency}' WHEN 'staff' THEN '{agency}' WHEN 'operation_year' THEN '{agency}'
        WHEN 'pilot' THEN '{agency}' WHEN 'entrustment' THEN '{agency}'
        WHEN 'cases' THEN '{agency,case,success_case,decision}'
        WHEN 'top500_clients' THEN '{agency,client,decision}'
        WHEN 'sales' THEN '{agency,sale,decision}'
        WHEN 'attorneys' THEN '{agency,attorney,decision}'
        WHEN 'navigation_projects' THEN '{agency,navigation_project,enterprise,decision}'
        WHEN 'loans' THEN '{agency,loan,enterprise,decision}'
        WHEN 'events' THEN '{agency,event,decision}'
        WHEN 'open_licences' THEN '{agency,open_licence,patent,patent_alias,decision}'
        WHEN 'platform_reviews' THEN '{agency,platform_review,decision}'
        WHEN 'purchases' THEN '{agency,deal,enterprise,decision}'
        WHEN 'transactions' THEN '{agency,deal,enterprise,decision}'
        WHEN 'licences' THEN '{agency,deal,enterprise,decision}'
        WHEN 'introductions' THEN '{agency,deal,enterprise,patent,patent_alias,decision}'
        END
$$;

-- The kinds of fact whose decisions a metric reads.
CREATE OR REPLACE FUNCTION track_decides(metric text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE metric
        WHEN 'deals' THEN '{deal,push,declared_push}'::text[]
        WHEN 'pushes' THEN '{push,declared_push}'
        WHEN 'purchases' THEN '{deal}' WHEN 'transactions' THEN '{deal}' WHEN 'licences' THEN '{deal}' WHEN 'introductions' THEN '{deal}'
        WHEN 'top500_clients' THEN '{client}'
        WHEN 'cases' THEN '{case}'
        ELSE ARRAY[regexp_replace(metric, 's$', '')] END
$$;

-- Facts that bear on figures of their own agency alone; of the others a second agency's may (the same contract, need, attorney).
CREATE OR REPLACE FUNCTION track_is_own(source text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT source IN ('patent_holding', 'record_holding', 'push', 'push_event', 'patent_lookup', 'declared_push', 'sale', 'case', 'success_case', 'client',
                      'open_licence', 'platform_review')
$$;

-- The patents whose rows decisions made at these moments touch; null where not all of them can be told.
CREATE OR REPLACE FUNCTION decision_patents(kind text, moments timestamptz[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) > 0 AND bool_and(t.patent_id IS NOT NULL) THEN array_agg(DISTINCT t.patent_id) END
    FROM decision d LEFT JOIN LATERAL (
        SELECT a.patent_id FROM patent_alias a WHERE d.kind = 'patent' AND a.number = d.key
        UNION ALL
        SELECT a.patent_id FROM patent_alias a WHERE d.kind = 'declared_push' AND a.number = split_part(d.key, '/', 1)
        UNION ALL
        SELECT p.patent_id FROM push p WHERE d.kind = 'push' AND p.agency_id = d.agency_id AND p.push_id::text = d.key) t ON true
    WHERE d.decided_at = ANY (moments) AND d.kind = decision_patents.kind
$$;

-- The patents of pushes, by the ids of a change; null where not all of them can be told (every push has an event from the start on).
CREATE OR REPLACE FUNCTION push_patents(ids text[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN bool_and(t.patent_id IS NOT NULL) THEN array_agg(DISTINCT t.patent_id) END
    FROM unnest(ids::uuid[]) i (push_id) LEFT JOIN LATERAL (
        SELECT e.patent_id FROM push_event e WHERE e.push_id = i.push_id) t ON true
$$;

-- The first moment that rows of pushes say which the transaction `xid` wrote: what happened may have been told later than it happened.
-- Null: its rows can't be told (another node's, a savepoint's, written again since), and what depends on it is counted whole.
CREATE OR REPLACE FUNCTION push_moment(ids text[], xid xid8) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT least(min(e.at), min(p.created_at))
    FROM push_event e LEFT JOIN push p ON p.patent_id = e.patent_id AND p.push_id = e.push_id
        AND p.xmin::text::bigint = (push_moment.xid::text::bigint & 4294967295)
    WHERE e.push_id = ANY (ids::uuid[]) AND e.xmin::text::bigint = (push_moment.xid::text::bigint & 4294967295)
$$;

-- The same of look-ups of patents, by the patents.
CREATE OR REPLACE FUNCTION lookup_moment(ids text[], xid xid8) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT min(l.at) FROM patent_lookup l
    WHERE l.patent_id = ANY (ids::bigint[]) AND l.xmin::text::bigint = (lookup_moment.xid::text::bigint & 4294967295)
$$;

-- Whether an agency (null: any) has a contract about one of these patents.
CREATE OR REPLACE FUNCTION deals_hold(agency int, patents bigint[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM deal d CROSS JOIN LATERAL jsonb_array_elements(d.rights) r (item)
        WHERE (agency IS NULL OR d.agency_id = agency)
            AND split_part(r.item ->> 'number', '.', 1) IN (SELECT a.number FROM patent_alias a WHERE a.patent_id = ANY (patents)))
$$;

CREATE OR REPLACE FUNCTION change_bears(metric text, agency int, source text, kind text, whose int, ids text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT source = ANY (track_reads(metric))
        AND (source <> 'decision' OR kind IS NULL OR kind = ANY (track_decides(metric)))
        AND NOT (agency IS NOT NULL AND whose IS NOT NULL AND whose <> agency AND track_is_own(source))
        AND CASE WHEN metric = 'deals' AND source = 'decision' AND kind IN ('push', 'declared_push') AND ids IS NOT NULL
                 THEN coalesce(deals_hold(agency, decision_patents(kind, ids::timestamptz[])), true) ELSE true END
        AND CASE WHEN metric = 'patents' AND agency IS NOT NULL AND source IN ('patent', 'patent_status') AND ids IS NOT NULL
                 THEN EXISTS (SELECT FROM patent_holding h WHERE h.agency_id = agency AND h.patent_id = ANY (ids::bigint[])) ELSE true END
$$;

-- Whether new pushes, what happened to some, and look-ups bear on no contract: none is about one of their patents. Looked at together, and
-- only where they are few.
CREATE OR REPLACE FUNCTION pushes_spare(k track_kept) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH change AS MATERIALIZED (
        SELECT c.source, c.ids
        FROM track_change c
        WHERE c.xid >= pg_snapshot_xmin(k.snapshot) AND c.source IN ('push', 'push_event', 'patent_lookup')
            AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
            AND change_bears(k.metric, k.agency_id, c.source, c.kind, c.agency_id, c.ids)
        LIMIT 201
    ), pushed AS MATERIALIZED (
        SELECT CASE WHEN count(*) > 200 OR bool_or(c.ids IS NULL) THEN NULL -- not all can be told
                    WHEN bool_or(c.source <> 'patent_lookup')
                    THEN push_patents((SELECT array_agg(DISTINCT i.id) FROM change o CROSS JOIN LATERAL unnest(o.ids) i (id)
                                       WHERE o.source <> 'patent_lookup'))
                    ELSE '{}' END AS patents,
               ARRAY(SELECT DISTINCT i.id::bigint FROM change o CROSS JOIN LATERAL unnest(o.ids) i (id)
                     WHERE o.source = 'patent_lookup') AS looked_up
        FROM change c
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM change) THEN true
                WHEN p.patents IS NULL THEN false ELSE NOT deals_hold(k.agency_id, p.patents || p.looked_up) END
    FROM pushed p
$$;

-- Nothing that bears on it has changed since. Sources that the metric does not read are passed over first: there may be many thousand
-- changes of them.
CREATE OR REPLACE FUNCTION kept_holds(k track_kept) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM track_change c
                       WHERE c.xid >= pg_snapshot_xmin(k.snapshot) AND c.source = ANY ((SELECT track_reads(k.metric))::text[])
                           AND NOT (k.metric = 'deals' AND c.source IN ('push', 'push_event', 'patent_lookup'))
                           AND NOT pg_visible_in_snapshot(c.xid, k.snapshot)
                           AND change_bears(k.metric, k.agency_id, c.source, c.kind, c.agency_id, c.ids))
        AND (k.metric <> 'deals' OR pushes_spare(k))
$$;

-- The same of rows that are kept.
CREATE OR REPLACE FUNCTION rows_hold(r track_rows) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT r.snapshot IS NOT NULL AND NOT EXISTS (
        SELECT FROM track_change c
        WHERE c.xid >= pg_snapshot_xmin(r.snapshot) AND c.source = ANY ((SELECT track_reads(r.metric))::text[])
            AND NOT pg_visible_in_snapshot(c.xid, r.snapshot)
            AND change_bears(r.metric, r.agency_id, c.source, c.kind, c.agency_id, c.ids))
$$;

-- The same figure, counted: the rows of queries/track-figures.sql or track-clauses.sql.
CREATE OR REPLACE FUNCTION kept_counted(k track_kept, known_at timestamptz) RETURNS SETOF jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF k.metric IN ('patents', 'enterprises', 'experts', 'institutions', 'needs', 'pushes', 'deals') THEN
        RETURN QUERY SELECT to_jsonb(f) FROM track_figure(k.metric, k.pack, k.as_of, known_at, k.agency_id) f;
    ELSE
        RETURN QUERY SELECT to_jsonb(f) FROM clause_figure(
            jsonb_build_array(jsonb_build_object('place', k.place, 'metric', k.metric, 'pack', k.pack)), k.as_of, known_at,
            k.agency_id) f;
    END IF;
END
$$;

GRANT EXECUTE ON FUNCTION decision_patents, push_patents, push_moment, lookup_moment, pushes_spare, deals_hold, kept_holds, rows_hold, kept_counted TO patbridge_across, patbridge_readonly;
GRANT EXECUTE ON FUNCTION track_reads, track_decides, track_is_own, change_bears TO patbridge_across, patbridge_readonly;

-- What another program's functions counted may have another form: nothing of it is asked for any more.
DELETE FROM track_kept;
