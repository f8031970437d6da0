-- 400 ledger: which rows are kept under the ledger, their canonical form, and appending. docs/ledger.md defines all of it.

-- Every source: a table, or the versions before of one kind (of: that kind's source). key: the columns that name a row.
-- condition: SQL over t, for rows that count only then. Facts are found by their columns: a new kind of fact needs no line here.
CREATE OR REPLACE FUNCTION ledger_source()
RETURNS TABLE (source text, relation text, kind text, is_version_of text, key text[], personal text[], condition text)
LANGUAGE sql STABLE AS $$
    WITH fixed (source, key, condition) AS (VALUES
        ('account', '{name}'::text[], NULL), ('agency', '{agency_id}', NULL), ('decision', '{decision_id}', NULL),
        ('document', '{document_id}', NULL), ('enterprise', '{enterprise_id}', NULL), ('expert', '{expert_id}', NULL),
        ('feedback', '{feedback_id}', NULL), ('institution', '{institution_id}', NULL),
        ('snapshot', '{snapshot_id}', NULL), ('load_batch', '{batch_id}', 't.finished_at IS NOT NULL'), ('patent', '{patent_id}', NULL),
        ('patent_alias', '{number}', NULL), ('patent_holding', '{patent_id,agency_id,recorded_at}', NULL),
        ('patent_status', '{patent_id,status_date,recorded_at}', NULL), ('policy', '{policy_id,version}', NULL),
        ('oddity_mark', '{mark_id}', NULL), ('parameter_decision', '{parameter_decision_id}', NULL),
        ('patent_lookup', '{patent_id,agency_id,enterprise_id}', NULL),
        ('policy_signature', '{policy_id,version,signed_at}', NULL), ('snapshot_stamp', '{snapshot_id,stamped_at}', NULL),
        ('proposal', '{proposal_id}', NULL), ('push', '{push_id}', NULL), ('push_event', '{push_id,channel,event}', NULL),
        ('record_holding', '{record_id,agency_id,recorded_at}', NULL), ('resumed', '{agency_id,enterprise_id,at}', NULL)
    ), fact AS ( -- belongs to an agency, is loaded, is versioned, and has an id of its own name
        SELECT c.relname::text AS source, ARRAY[c.relname || '_id'] AS key
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        GROUP BY c.relname
        HAVING array_agg(a.attname::text) @> ARRAY['agency_id', 'batch_id', 'change_seq', 'first_recorded_at', 'recorded_at',
                                                   c.relname || '_id']
            AND c.relname NOT IN (SELECT f.source FROM fixed f)
    ), personal (source, columns) AS (VALUES
        ('expert', '{name,key}'::text[]), ('attorney', '{name,practice_number}')
    ), current AS (
        SELECT f.source, f.key, f.condition, false AS is_fact FROM fixed f UNION ALL SELECT f.source, f.key, NULL, true FROM fact f
    )
    SELECT c.source, c.source, NULL, NULL, c.key, coalesce(p.columns, '{}'), c.condition
    FROM current c LEFT JOIN personal p ON p.source = c.source
    UNION ALL
    SELECT 'patent_version', 'patent_version', NULL, 'patent', '{patent_id,recorded_at}', '{}', NULL
    UNION ALL
    SELECT c.source || '_version', CASE WHEN c.is_fact THEN 'fact_version' ELSE 'register_version' END, c.source, c.source,
           '{record_id,recorded_at}', '{}', NULL
    FROM current c
    WHERE c.is_fact OR c.source IN ('agency', 'enterprise', 'expert', 'institution')
    UNION ALL -- the kind whose table has another name
    SELECT 'case', 'success_case', NULL, NULL, '{case_id}', '{}', NULL
    UNION ALL
    SELECT 'case_version', 'fact_version', 'case', 'case', '{record_id,recorded_at}', '{}', NULL
$$;

-- A person's name, or what holds one, as it stands in digests: salted, and itself once it was erased.
CREATE OR REPLACE FUNCTION personal_token(value text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN value ~ '^sha256:[0-9a-f]{64}$' THEN value
                ELSE (SELECT 'sha256:' || encode(sha256(s.salt || convert_to(s.value, 'UTF8')), 'hex')
                      FROM personal_salt s WHERE s.value = personal_token.value) END
$$;

-- The canonical text of a row: jsonb's own text, nulls left out, personal members as tokens.
CREATE OR REPLACE FUNCTION ledger_form(fields jsonb, personal text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_strip_nulls(fields || coalesce((
        SELECT jsonb_object_agg(p.name, personal_token(fields ->> p.name)) FROM unnest(personal) p (name)
        WHERE fields ->> p.name IS NOT NULL), '{}'))::text
$$;

-- Kinds whose natural key holds a person's name: decisions and papers name them by it.
CREATE OR REPLACE FUNCTION ledger_personal_kinds() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT '{expert,attorney}'::text[]
$$;

CREATE OR REPLACE FUNCTION ledger_digest_text(fields text, personal text[], has_key boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('sha256(convert_to(%s, ''UTF8''))',
        CASE WHEN has_key THEN format('ledger_form(%s, CASE WHEN t.kind = ANY (ledger_personal_kinds()) THEN ''{key}''::text[] '
                                      'ELSE ''{}'' END)', fields)
             WHEN personal = '{}' THEN format('jsonb_strip_nulls(%s)::text', fields)
             ELSE format('ledger_form(%s, %L::text[])', fields, personal) END)
$$;

-- The query that reads a source: key, after (its digest), before (that of the row without what ended it in place; null where
-- nothing did), of_key and of_digest (versions: the row that it was, and its digest). Its table is t; conditions may follow.
CREATE OR REPLACE FUNCTION ledger_query(wanted text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    s record;
    o record; -- whose versions they are
    key_text text;
    ended text;
    was text;
    after text;
    has_key boolean;
BEGIN
    SELECT * INTO STRICT s FROM ledger_source() l WHERE l.source = wanted;
    SELECT string_agg(format('coalesce(t.%I::text, '''')', k.name), ' || ''/'' || ' ORDER BY k.place) INTO key_text
    FROM unnest(s.key) WITH ORDINALITY k (name, place);
    has_key := s.relation IN ('decision', 'document', 'proposal');
    IF s.is_version_of IS NULL THEN
        SELECT a.attname INTO ended FROM pg_attribute a
        WHERE a.attrelid = s.relation::regclass AND a.attname IN ('superseded_at', 'removed_at') AND NOT a.attisdropped;
        after := ledger_digest_text('to_jsonb(t)', s.personal, has_key);
        RETURN format('SELECT (%s) COLLATE "C" AS key, %s AS after, %s AS before, NULL::text AS of_key, NULL::bytea AS of_digest '
                      'FROM %I t WHERE %s', key_text, after,
                      CASE WHEN ended IS NULL THEN 'NULL::bytea'
                           ELSE format('CASE WHEN t.%I IS NOT NULL THEN %s END', ended,
                                       ledger_digest_text(format('(to_jsonb(t) - %L)', ended), s.personal, has_key)) END,
                      s.relation, coalesce(s.condition, 'true'));
    END IF;
    SELECT l.relation, l.personal INTO STRICT o FROM ledger_source() l WHERE l.source = s.is_version_of;
    was := ledger_digest_text(format('to_jsonb(jsonb_populate_record(NULL::%I, t.record))', o.relation), o.personal, false);
    RETURN format('SELECT (%s) COLLATE "C" AS key, sha256(convert_to(jsonb_strip_nulls(to_jsonb(t) || jsonb_build_object(''record'', '
                  'encode(t.was, ''hex'')) - ''was'')::text, ''UTF8'')) AS after, NULL::bytea AS before, (t.%I)::text AS of_key, '
                  't.was AS of_digest FROM (SELECT t.*, %s AS was FROM %I t) t WHERE %s',
                  key_text, s.key[1], was, s.relation, CASE WHEN s.kind IS NULL THEN 'true' ELSE format('t.kind = %L', s.kind) END);
END
$$;

-- The condition that chooses rows: column `chosen` is one of $2, and (where `moment` is said) the row was written then.
CREATE OR REPLACE FUNCTION ledger_condition(relation text, chosen text, moment text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format(' AND t.%I = ANY ($2::%s[])', chosen, (
               SELECT format_type(a.atttypid, NULL) FROM pg_attribute a WHERE a.attrelid = relation::regclass AND a.attname = chosen))
        || CASE WHEN moment IS NULL THEN '' ELSE coalesce((
               SELECT ' AND (' || string_agg(format('t.%I = %L::timestamptz', a.attname, moment), ' OR ') || ')'
               FROM pg_attribute a
               WHERE a.attrelid = relation::regclass AND NOT a.attisdropped AND a.atttypid = 'timestamptz'::regtype
                   AND a.attname IN ('recorded_at', 'superseded_at', 'created_at', 'removed_at', 'decided_at', 'at', 'attached_at',
                                     'finished_at', 'signed_at')), '') END
$$;

-- Salts for the names in these rows.
CREATE OR REPLACE FUNCTION ledger_salt(wanted text, condition text, ids text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    s record;
    name text;
BEGIN
    SELECT l.relation, l.is_version_of, CASE WHEN l.relation IN ('decision', 'document', 'proposal') THEN '{key}'::text[]
                                             ELSE coalesce(o.personal, l.personal) END AS personal
    INTO STRICT s FROM ledger_source() l LEFT JOIN ledger_source() o ON o.source = l.is_version_of WHERE l.source = wanted;
    FOREACH name IN ARRAY s.personal LOOP
        EXECUTE format('INSERT INTO personal_salt (value, salt) SELECT DISTINCT v.value, sha256(uuid_send(gen_random_uuid()) || '
                       'uuid_send(gen_random_uuid())) FROM (SELECT %s AS value FROM %I t WHERE %s%s) v '
                       'WHERE v.value IS NOT NULL AND v.value !~ ''^sha256:[0-9a-f]{64}$'' ON CONFLICT (value) DO NOTHING',
                       CASE WHEN s.is_version_of IS NULL THEN format('t.%I', name) ELSE format('t.record ->> %L', name) END,
                       s.relation, CASE WHEN s.relation IN ('decision', 'document', 'proposal') THEN 't.kind = ANY (ledger_personal_kinds())'
                                        WHEN s.is_version_of IS NULL THEN 'true' ELSE format('t.kind = %L', s.is_version_of) END,
                       condition)
        USING NULL::text, ids;
    END LOOP;
END
$$;

-- The lines of packs, a row each.
CREATE OR REPLACE FUNCTION ledger_unpack(lines text) RETURNS TABLE (key text, after bytea) LANGUAGE sql IMMUTABLE AS $$
    SELECT split_part(l.line, E'\t', 2) COLLATE "C", decode(split_part(l.line, E'\t', 4), 'hex')
    FROM string_to_table(rtrim(lines, E'\n'), E'\n') l (line)
$$;

-- Every row of the ledger, however it is kept.
CREATE OR REPLACE VIEW ledger_every_row WITH (security_invoker = true) AS
    SELECT r.seq, r.source, r.key, r.before, r.after FROM ledger_row r
    UNION ALL
    SELECT p.seq, p.source, l.key, NULL, l.after FROM ledger_pack p CROSS JOIN LATERAL ledger_unpack(p.lines) l;

-- Since when there are the rows of these records, in the table or in the versions before: that is where packs are found.
CREATE OR REPLACE FUNCTION ledger_moments(wanted text, chosen text, ids text[]) RETURNS TABLE (record bigint, at timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    s record;
    v record;
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_pack p WHERE p.source = wanted) THEN
        RETURN;
    END IF;
    SELECT l.relation, coalesce(min(a.attname) FILTER (WHERE a.attname = 'first_recorded_at'), 'recorded_at') AS since INTO STRICT s
    FROM ledger_source() l LEFT JOIN pg_attribute a ON a.attrelid = l.relation::regclass WHERE l.source = wanted GROUP BY l.relation;
    RETURN QUERY EXECUTE format('SELECT t.%1$I::bigint, t.%2$I FROM %3$I t WHERE t.%1$I = ANY ($1::bigint[])', chosen, s.since, s.relation)
    USING ids;
    FOR v IN SELECT l.relation, l.kind, l.key[1] AS id FROM ledger_source() l WHERE l.is_version_of = wanted LOOP
        RETURN QUERY EXECUTE format('SELECT t.%1$I, (t.record ->> ''first_recorded_at'')::timestamptz FROM %2$I t '
                                    'WHERE t.%1$I = ANY ($1::bigint[]) AND %3$s', v.id, v.relation,
                                    CASE WHEN v.kind IS NULL THEN 'true' ELSE format('t.kind = %L', v.kind) END)
        USING ids;
    END LOOP;
END
$$;

-- What packs know of the rows of these records, each with a moment since when it is there (null: of all rows).
CREATE OR REPLACE FUNCTION ledger_packed(wanted text, records bigint[], moments timestamptz[])
RETURNS TABLE (seq bigint, key text, after bytea) LANGUAGE sql STABLE AS $$
    SELECT p.seq, l.key, l.after
    FROM ledger_pack p CROSS JOIN LATERAL ledger_unpack(p.lines) l
    WHERE p.source = wanted AND records IS NULL
    UNION ALL
    SELECT p.seq, l.key, l.after
    FROM (SELECT DISTINCT k.seq, k.part FROM unnest(records, moments) m (record, at) JOIN ledger_pack k ON k.source = wanted AND k.at = m.at
          WHERE m.record BETWEEN k.least AND k.most) hit
    JOIN ledger_pack p ON p.source = wanted AND p.seq = hit.seq AND p.part = hit.part
    CROSS JOIN LATERAL ledger_unpack(p.lines) l
$$;

-- Notes, under an entry's number, the rows of one source that differ from what the ledger knows of them. `ids`: of the rows that
-- the condition chooses; `records` and `moments`: where packs may know them, null for all. With `moved`, also rows that it knows
-- by these ids and that are gone.
CREATE OR REPLACE FUNCTION ledger_note(entry bigint, wanted text, condition text, ids text[], records bigint[], moments timestamptz[],
                                       moved boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_salt(wanted, condition, ids);
    EXECUTE format('WITH s AS MATERIALIZED (%s%s), packed AS MATERIALIZED (SELECT DISTINCT ON (p.key) p.key, p.seq, p.after '
                   'FROM ledger_packed($1, $4, $5) p ORDER BY p.key, p.seq DESC), k AS MATERIALIZED (SELECT s.*, p.seq AS packed_seq, '
                   'p.after AS packed, (SELECT r FROM ledger_row r WHERE r.source = $1 AND r.key = s.key ORDER BY r.seq DESC LIMIT 1) AS row '
                   'FROM s LEFT JOIN packed p ON p.key = s.key), known AS (SELECT k.*, CASE WHEN (k.row).seq > k.packed_seq '
                   'OR k.packed_seq IS NULL THEN (k.row).after ELSE k.packed END AS known FROM k) '
                   'INSERT INTO ledger_row (seq, source, key, before, after) SELECT $3, $1, k.key, '
                   'CASE WHEN k.known IS NOT NULL THEN coalesce(k.before, k.known) END, k.after FROM known k '
                   'WHERE k.after IS DISTINCT FROM k.known', ledger_query(wanted), condition)
    USING wanted, ids, entry, records, moments;
    IF moved THEN
        EXECUTE format('INSERT INTO ledger_row (seq, source, key, before, after) SELECT $3, $1, k.key, k.after, NULL FROM ('
                       'SELECT DISTINCT ON (r.key) r.key, r.after FROM (SELECT r.seq, r.key, r.after FROM unnest($2) i (id) '
                       'JOIN ledger_row r ON r.source = $1 AND r.key >= i.id AND r.key < i.id || ''0'' UNION ALL '
                       'SELECT p.seq, p.key, p.after FROM ledger_packed($1, $4, $5) p JOIN unnest($2) i (id) '
                       'ON split_part(p.key, ''/'', 1) = i.id) r ORDER BY r.key, r.seq DESC) k '
                       'WHERE k.after IS NOT NULL AND k.key NOT IN (SELECT s.key FROM (%s%s) s)', ledger_query(wanted), condition)
        USING wanted, ids, entry, records, moments;
    END IF;
END
$$;

-- The same for one touch of ledger_append.
CREATE OR REPLACE FUNCTION ledger_note_touch(entry bigint, touch jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    relation text := (SELECT s.relation FROM ledger_source() s WHERE s.source = touch ->> 'source');
    ids text[];
    records bigint[];
    moments timestamptz[];
BEGIN
    IF touch ? 'by' THEN
        ids := ARRAY(SELECT jsonb_array_elements_text(touch -> 'ids'));
        SELECT coalesce(array_agg(m.record), '{}'), coalesce(array_agg(m.at), '{}') INTO records, moments
        FROM (SELECT * FROM ledger_moments(touch ->> 'source', touch ->> 'by', ids)
              UNION SELECT (m.pair ->> 0)::bigint, (m.pair ->> 1)::timestamptz FROM jsonb_array_elements(touch -> 'moments') m (pair)) m;
    END IF;
    PERFORM ledger_note(entry, touch ->> 'source', CASE WHEN touch ? 'by' THEN ledger_condition(relation, touch ->> 'by', touch ->> 'at')
                                                        ELSE '' END,
                        ids, records, moments, coalesce((touch ->> 'moved')::boolean, false));
END
$$;

-- The digest over an entry's rows: SHA-256 of one line a row, "source TAB key TAB before TAB after LF", in the order of bytes.
CREATE OR REPLACE FUNCTION ledger_rows_digest(entry bigint, OUT rows bigint, OUT digest text) LANGUAGE sql STABLE AS $$
    WITH part (source, rows, lines, packed) AS (
        SELECT r.source, count(*), string_agg(concat(r.source, E'\t', r.key, E'\t', encode(r.before, 'hex'), E'\t',
                   encode(r.after, 'hex'), E'\n'), '' ORDER BY r.key), false
        FROM ledger_row r WHERE r.seq = entry GROUP BY r.source
        UNION ALL
        SELECT p.source, sum(p.rows)::bigint, string_agg(p.lines, '' ORDER BY p.part), true
        FROM ledger_pack p WHERE p.seq = entry GROUP BY p.source
    ), whole (source, rows, lines, mixed) AS (
        SELECT p.source, sum(p.rows), string_agg(p.lines, ''), count(*) > 1 FROM part p GROUP BY p.source
    )
    SELECT coalesce(sum(w.rows), 0)::bigint, encode(sha256(convert_to(coalesce(string_agg(CASE WHEN w.mixed THEN ( -- both kinds of keeping
               SELECT string_agg(l.line || E'\n', '' ORDER BY split_part(l.line, E'\t', 2) COLLATE "C")
               FROM string_to_table(rtrim(w.lines, E'\n'), E'\n') l (line)) ELSE w.lines END, '' ORDER BY w.source), ''), 'UTF8')), 'hex')
    FROM whole w
$$;

-- Waits for the turn to write the ledger, which holds to the commit; answers the number of the entry that comes next.
CREATE OR REPLACE FUNCTION ledger_turn() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('patbridge.ledger'));
    RETURN (SELECT coalesce(max(l.seq), 0) + 1 FROM ledger l);
END
$$;

-- Appends one entry in the caller's transaction, with the packs that stand under its number. about: {kind, agency, who, os_user,
-- subject, reason}; touched: [{source, by, ids, at, moved, moments}], by the record's id where a source can be packed; moments: [[id,
-- time]…] as ledger_moments() had them before rows went; packed: {rows, digest} over the packs, which holds where nothing else was
-- touched. Answers its number, or null where nothing had changed and
-- `always` is not said.
CREATE OR REPLACE FUNCTION ledger_append(about jsonb, touched jsonb, moment timestamptz, packed jsonb DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql
SET timezone = 'UTC' SET extra_float_digits = 1 AS $$
DECLARE
    entry bigint := ledger_turn();
    previous text := (SELECT l.digest FROM ledger l WHERE l.seq = entry - 1);
    noted record;
    body text;
BEGIN
    PERFORM ledger_note_touch(entry, t.touch) FROM jsonb_array_elements(touched) t (touch);
    IF packed IS NOT NULL AND touched = '[]' THEN
        SELECT (packed ->> 'rows')::bigint AS rows, packed ->> 'digest' AS digest INTO noted;
    ELSE
        SELECT * INTO noted FROM ledger_rows_digest(entry);
    END IF;
    IF noted.rows = 0 AND NOT about ? 'always' THEN
        RETURN NULL;
    END IF;
    body := jsonb_strip_nulls((about - 'always') || jsonb_build_object('seq', entry, 'at',
                to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'rows', noted.rows, 'rows_digest', noted.digest,
                'previous', coalesce(previous, repeat('0', 64))))::text;
    INSERT INTO ledger (seq, body, digest) VALUES (entry, body, encode(sha256(convert_to(body, 'UTF8')), 'hex'));
    RETURN entry;
END
$$;

-- What differs between a source's rows and the ledger, by the entry that knew them last (null: no entry does).
CREATE OR REPLACE FUNCTION ledger_altered(wanted text)
RETURNS TABLE (seq bigint, source text, key text, what text) LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET extra_float_digits = 1 AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'WITH known AS MATERIALIZED (SELECT DISTINCT ON (r.key) r.key, r.seq, r.after FROM ledger_every_row r WHERE r.source = $1 '
        'ORDER BY r.key, r.seq DESC), actual AS MATERIALIZED (%s) '
        'SELECT k.seq, $1, coalesce(k.key, a.key)::text, CASE WHEN a.key IS NULL THEN ''missing'' WHEN k.after IS NULL '
        'THEN ''foreign'' ELSE ''altered'' END FROM known k FULL JOIN actual a ON a.key = k.key WHERE k.after IS DISTINCT FROM a.after '
        'UNION ALL SELECT k.seq, $1, a.key::text, ''altered_before'' FROM actual a JOIN known k ON k.key = a.key '
        'WHERE a.of_key IS NOT NULL AND k.after = a.after AND NOT EXISTS (SELECT FROM ledger_every_row r WHERE r.source = $2 '
        'AND r.key = a.of_key AND r.after = a.of_digest)', ledger_query(wanted))
    USING wanted, (SELECT s.is_version_of FROM ledger_source() s WHERE s.source = wanted);
END
$$;

GRANT EXECUTE ON FUNCTION ledger_source, personal_token, ledger_form, ledger_personal_kinds, ledger_digest_text, ledger_query,
    ledger_condition, ledger_rows_digest, ledger_altered, ledger_unpack, ledger_moments, ledger_packed TO patbridge_across, patbridge_readonly;
GRANT EXECUTE ON FUNCTION ledger_salt, ledger_note, ledger_note_touch, ledger_turn, ledger_append TO patbridge_across;
GRANT SELECT ON ledger_every_row TO patbridge_across, patbridge_readonly;
