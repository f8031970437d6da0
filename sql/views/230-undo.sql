-- 230 undo: taking back what a batch brought. Nothing is lost: a fact moves to fact_version, a holding is ended, a record that the
-- batch changed gets its earlier content back as a new version. What something was built on stays, and is named.

-- What was built on a fact; null: nothing.
CREATE OR REPLACE FUNCTION undo_built_on_fact(wanted text, whose int, id bigint, fact_key text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(what, ', ') FROM (
        SELECT 'pushed' AS what WHERE wanted = 'need' AND EXISTS (SELECT 1 FROM push p WHERE p.need_id = id)
        UNION ALL
        SELECT 'a lead was decided on' WHERE wanted = 'need'
            AND EXISTS (SELECT 1 FROM lead l WHERE l.need_id = id AND l.state IN ('accepted', 'rejected', 'pushed'))
        UNION ALL
        SELECT 'answered' WHERE wanted = 'need' AND EXISTS (SELECT 1 FROM feedback f WHERE f.need_id = id)
        UNION ALL
        SELECT 'an official decided on it' WHERE EXISTS (
            SELECT 1 FROM decidable(wanted, whose) d JOIN decision o
                ON o.agency_id = whose AND o.kind = wanted AND o.key = d.key
            WHERE d.record_id = id)
        UNION ALL
        SELECT 'a paper was attached' WHERE EXISTS (
            SELECT 1 FROM document p WHERE p.agency_id = whose AND p.kind = wanted AND p.key = fact_key)
    ) AS reason
$$;

-- What was built on an agency's holding of a patent.
CREATE OR REPLACE FUNCTION undo_built_on_patent(whose int, id bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(what, ', ') FROM (
        SELECT 'pushed' AS what WHERE EXISTS (SELECT 1 FROM push p WHERE p.patent_id = id AND p.agency_id = whose)
        UNION ALL
        SELECT 'a lead was decided on' WHERE EXISTS (
            SELECT 1 FROM lead l WHERE l.patent_id = id AND l.agency_id = whose AND l.state IN ('accepted', 'rejected', 'pushed'))
        UNION ALL
        SELECT 'looked up' WHERE EXISTS (SELECT 1 FROM patent_lookup l WHERE l.patent_id = id AND l.agency_id = whose)
        UNION ALL
        SELECT 'in a deal' WHERE EXISTS (SELECT 1 FROM deal_right r WHERE r.patent_id = id AND r.agency_id = whose)
        UNION ALL
        SELECT 'in a declared push' WHERE EXISTS (
            SELECT 1 FROM declared_push d JOIN patent_alias a ON a.number = split_part(d.patent, '.', 1)
            WHERE a.patent_id = id AND d.agency_id = whose)
        UNION ALL
        SELECT 'an official decided on it' WHERE EXISTS (
            SELECT 1 FROM decidable('patent', whose) d JOIN decision o
                ON o.agency_id = whose AND o.kind = 'patent' AND o.key = d.key
            WHERE d.record_id = id)
    ) AS reason
$$;

-- What was built on an agency's holding of an enterprise, expert or institution.
CREATE OR REPLACE FUNCTION undo_built_on_record(wanted text, whose int, id bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(what, ', ') FROM (
        SELECT 'it has a need' AS what WHERE wanted = 'enterprise'
            AND EXISTS (SELECT 1 FROM need n WHERE n.enterprise_id = id AND n.agency_id = whose)
        UNION ALL
        SELECT 'pushed to' WHERE wanted = 'enterprise'
            AND EXISTS (SELECT 1 FROM push p WHERE p.enterprise_id = id AND p.agency_id = whose)
        UNION ALL
        SELECT 'it looked a patent up' WHERE wanted = 'enterprise'
            AND EXISTS (SELECT 1 FROM patent_lookup l WHERE l.enterprise_id = id AND l.agency_id = whose)
        UNION ALL
        SELECT 'in a declared push' WHERE wanted = 'enterprise'
            AND EXISTS (SELECT 1 FROM declared_push d JOIN enterprise e ON e.uscc = d.enterprise_uscc
                WHERE e.enterprise_id = id AND d.agency_id = whose)
        UNION ALL
        SELECT 'an official decided on it' WHERE EXISTS (
            SELECT 1 FROM decidable(wanted, whose) d JOIN decision o
                ON o.agency_id = whose AND o.kind = wanted AND o.key = d.key
            WHERE d.record_id = id)
    ) AS reason
$$;

-- How a row is called in a list.
CREATE OR REPLACE FUNCTION undo_name(fields jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(fields ->> 'application_number', fields ->> 'publication_number', fields ->> 'contract_number',
                    fields ->> 'source_id', fields ->> 'invoice', fields ->> 'practice_number', fields ->> 'approval_number',
                    fields ->> 'number', fields ->> 'patent', fields ->> 'uscc', fields ->> 'name', '?')
$$;

-- Gives a row the content of an earlier version, as a new one.
CREATE OR REPLACE FUNCTION undo_restore(relation text, id_column text, id bigint, older jsonb, moment timestamptz, change bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns text;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO columns
    FROM pg_attribute a
    WHERE a.attrelid = relation::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> id_column;
    EXECUTE format('UPDATE %I SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%I, $1)) WHERE %I = $2',
                   relation, columns, columns, relation, id_column)
        USING older || jsonb_build_object('recorded_at', moment, 'change_seq', change), id;
END
$$;

-- Takes a fact out of its table, which nobody else may: only one that is kept whole in fact_version.
CREATE OR REPLACE FUNCTION undo_withdraw(wanted text, relation text, id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I t JOIN fact_version v ON v.record_id = $1 AND v.kind = $2 '
                   'AND v.recorded_at = t.recorded_at AND v.record = to_jsonb(t) WHERE t.%I = $1)', relation, wanted || '_id')
        INTO kept USING id, wanted;
    IF NOT kept THEN
        RAISE EXCEPTION '% % is not kept in fact_version', wanted, id;
    END IF;
    EXECUTE format('DELETE FROM %I WHERE %I = $1', relation, wanted || '_id') USING id;
END
$$;

-- The facts of a batch, one by one.
CREATE OR REPLACE FUNCTION undo_facts(wanted text, whose int, batch bigint, moment timestamptz, change bigint)
RETURNS TABLE (record_id bigint, name text, outcome text, why text) LANGUAGE plpgsql AS $$
DECLARE
    relation text := CASE wanted WHEN 'case' THEN 'success_case' ELSE wanted END;
    id_column text := wanted || '_id';
    had record;
    older jsonb;
BEGIN
    FOR had IN EXECUTE format('SELECT t.%I AS id, t.recorded_at, t.batch_id, to_jsonb(t) AS fields FROM %I t WHERE t.agency_id = $1 '
                                'AND t.%I IN (SELECT batch_record($2, $1, $3)) ORDER BY 1', id_column, relation, id_column)
        USING whose, wanted, batch
    LOOP
        record_id := had.id;
        name := undo_name(had.fields);
        why := CASE WHEN had.batch_id IS DISTINCT FROM batch THEN 'changed since by batch ' || coalesce(had.batch_id::text, '?')
                    ELSE undo_built_on_fact(wanted, whose, had.id, name) END;
        IF why IS NOT NULL THEN
            outcome := 'kept';
            RETURN NEXT;
            CONTINUE;
        END IF;
        older := NULL;
        SELECT v.record INTO older FROM fact_version v
        WHERE v.kind = wanted AND v.record_id = had.id AND v.superseded_at = had.recorded_at;
        INSERT INTO fact_version (kind, record_id, agency_id, recorded_at, superseded_at, record)
        VALUES (wanted, had.id, whose, had.recorded_at, moment, had.fields);
        IF older IS NULL THEN
            outcome := 'withdrawn';
            IF wanted = 'need' THEN
                DELETE FROM lead l WHERE l.need_id = had.id;
                DELETE FROM need_pair p WHERE p.need_id = had.id OR p.other_id = had.id;
            END IF;
            PERFORM undo_withdraw(wanted, relation, had.id);
        ELSE
            outcome := 'restored';
            PERFORM undo_restore(relation, id_column, had.id, older, moment, change);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- The patents of a batch: the agency's holding ends, or is again what it was before.
CREATE OR REPLACE FUNCTION undo_patents(whose int, batch bigint, moment timestamptz, change bigint)
RETURNS TABLE (record_id bigint, name text, outcome text, why text) LANGUAGE plpgsql AS $$
DECLARE
    had record;
    older jsonb;
BEGIN
    FOR had IN
        SELECT h.*, p.recorded_at AS patent_at, p.batch_id AS patent_batch, to_jsonb(p) AS fields
        FROM patent_holding h JOIN patent p ON p.patent_id = h.patent_id
        WHERE h.agency_id = whose AND h.batch_id = batch AND h.superseded_at IS NULL ORDER BY h.patent_id
    LOOP
        record_id := had.patent_id;
        name := undo_name(had.fields);
        why := CASE WHEN had.patent_batch IS DISTINCT FROM batch AND had.patent_at > had.recorded_at
                    THEN 'changed since by batch ' || coalesce(had.patent_batch::text, '?')
                    ELSE undo_built_on_patent(whose, had.patent_id) END;
        outcome := 'kept';
        IF why IS NULL THEN
            UPDATE patent_holding h SET superseded_at = moment
            WHERE h.patent_id = had.patent_id AND h.agency_id = whose AND h.superseded_at IS NULL;
            INSERT INTO patent_holding (patent_id, agency_id, held_since, extra, batch_id, change_seq, first_recorded_at, recorded_at)
            SELECT h.patent_id, h.agency_id, h.held_since, h.extra, h.batch_id, change, h.first_recorded_at, moment
            FROM patent_holding h
            WHERE h.patent_id = had.patent_id AND h.agency_id = whose AND h.superseded_at = had.recorded_at;
            outcome := CASE WHEN FOUND THEN 'restored' ELSE 'withdrawn' END;
            DELETE FROM lead l WHERE l.patent_id = had.patent_id AND l.agency_id = whose;
            INSERT INTO patent_status (patent_id, status_date, status, recorded_at, batch_id)
            SELECT DISTINCT s.patent_id, s.status_date, NULL::text, moment, batch FROM patent_status s
            WHERE s.patent_id = had.patent_id AND s.batch_id = batch AND s.recorded_at < moment;
            older := NULL;
            SELECT v.record INTO older FROM patent_version v
            WHERE v.patent_id = had.patent_id AND v.superseded_at = had.patent_at AND had.patent_batch = batch;
            IF older IS NOT NULL THEN
                INSERT INTO patent_version (patent_id, recorded_at, superseded_at, record)
                VALUES (had.patent_id, had.patent_at, moment, had.fields);
                PERFORM undo_restore('patent', 'patent_id', had.patent_id, older, moment, change);
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- A record that the batch changed, though the agency's holding stayed as it was: it gets its earlier content back.
CREATE OR REPLACE FUNCTION undo_contents(wanted text, whose int, batch bigint, moment timestamptz, change bigint)
RETURNS TABLE (record_id bigint, name text, outcome text, why text) LANGUAGE plpgsql AS $$
DECLARE
    id_column text := wanted || '_id';
    had record;
    older jsonb;
BEGIN
    FOR had IN EXECUTE format('SELECT t.%I AS id, t.recorded_at, to_jsonb(t) AS fields FROM %I t WHERE t.batch_id = $1 ORDER BY 1',
                              id_column, wanted) USING batch
    LOOP
        older := NULL;
        IF wanted = 'patent' THEN
            SELECT v.record INTO older FROM patent_version v WHERE v.patent_id = had.id AND v.superseded_at = had.recorded_at;
        ELSE
            SELECT v.record INTO older FROM register_version v
            WHERE v.kind = wanted AND v.record_id = had.id AND v.superseded_at = had.recorded_at;
        END IF;
        CONTINUE WHEN older IS NULL;
        IF wanted = 'patent' THEN
            INSERT INTO patent_version (patent_id, recorded_at, superseded_at, record)
            VALUES (had.id, had.recorded_at, moment, had.fields);
            INSERT INTO patent_status (patent_id, status_date, status, recorded_at, batch_id)
            SELECT DISTINCT s.patent_id, s.status_date, NULL::text, moment, batch FROM patent_status s
            WHERE s.patent_id = had.id AND s.batch_id = batch AND s.recorded_at < moment;
        ELSE
            INSERT INTO register_version (kind, record_id, recorded_at, superseded_at, record)
            VALUES (wanted, had.id, had.recorded_at, moment, had.fields);
        END IF;
        PERFORM undo_restore(wanted, id_column, had.id, older, moment, change);
        record_id := had.id;
        name := undo_name(had.fields);
        outcome := 'restored';
        RETURN NEXT;
    END LOOP;
END
$$;

-- The same for enterprises, experts and institutions.
CREATE OR REPLACE FUNCTION undo_records(wanted text, whose int, batch bigint, moment timestamptz, change bigint)
RETURNS TABLE (record_id bigint, name text, outcome text, why text) LANGUAGE plpgsql AS $$
DECLARE
    id_column text := wanted || '_id';
    had record;
    older jsonb;
BEGIN
    FOR had IN EXECUTE format('SELECT h.*, t.recorded_at AS own_at, t.batch_id AS own_batch, to_jsonb(t) AS fields FROM record_holding h '
                                'JOIN %I t ON t.%I = h.record_id WHERE h.kind = $1 AND h.agency_id = $2 AND h.batch_id = $3 '
                                'AND h.superseded_at IS NULL ORDER BY h.record_id', wanted, id_column)
        USING wanted, whose, batch
    LOOP
        record_id := had.record_id;
        name := undo_name(had.fields);
        why := CASE WHEN had.own_batch IS DISTINCT FROM batch AND had.own_at > had.recorded_at
                    THEN 'changed since by batch ' || coalesce(had.own_batch::text, '?')
                    ELSE undo_built_on_record(wanted, whose, had.record_id) END;
        outcome := 'kept';
        IF why IS NULL THEN
            UPDATE record_holding h SET superseded_at = moment
            WHERE h.record_id = had.record_id AND h.agency_id = whose AND h.superseded_at IS NULL;
            INSERT INTO record_holding (record_id, agency_id, kind, source_id, held_since, extra, batch_id, change_seq,
                                        first_recorded_at, recorded_at)
            SELECT h.record_id, h.agency_id, h.kind, h.source_id, h.held_since, h.extra, h.batch_id, change, h.first_recorded_at, moment
            FROM record_holding h
            WHERE h.record_id = had.record_id AND h.agency_id = whose AND h.superseded_at = had.recorded_at;
            outcome := CASE WHEN FOUND THEN 'restored' ELSE 'withdrawn' END;
            older := NULL;
            SELECT v.record INTO older FROM register_version v
            WHERE v.kind = wanted AND v.record_id = had.record_id AND v.superseded_at = had.own_at AND had.own_batch = batch;
            IF older IS NOT NULL THEN
                INSERT INTO register_version (kind, record_id, recorded_at, superseded_at, record)
                VALUES (wanted, had.record_id, had.own_at, moment, had.fields);
                PERFORM undo_restore(wanted, id_column, had.record_id, older, moment, change);
            END IF;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- All of a batch.
CREATE OR REPLACE FUNCTION undo_batch(wanted text, whose int, batch bigint, moment timestamptz, change bigint)
RETURNS TABLE (record_id bigint, name text, outcome text, why text) LANGUAGE plpgsql AS $$
BEGIN
    IF wanted = 'patent' THEN
        RETURN QUERY SELECT * FROM undo_patents(whose, batch, moment, change);
        RETURN QUERY SELECT * FROM undo_contents(wanted, whose, batch, moment, change);
    ELSIF wanted IN ('enterprise', 'expert', 'institution') THEN
        RETURN QUERY SELECT * FROM undo_records(wanted, whose, batch, moment, change);
        RETURN QUERY SELECT * FROM undo_contents(wanted, whose, batch, moment, change);
    ELSE
        RETURN QUERY SELECT * FROM undo_facts(wanted, whose, batch, moment, change);
    END IF;
END
$$;

REVOKE EXECUTE ON FUNCTION undo_withdraw, undo_restore, undo_facts, undo_patents, undo_records, undo_contents, undo_batch FROM PUBLIC;
GRANT EXECUTE ON FUNCTION undo_built_on_fact, undo_built_on_patent, undo_built_on_record, undo_name, undo_withdraw, undo_restore, undo_facts,
    undo_patents, undo_records, undo_contents, undo_batch TO patbridge_undo;
