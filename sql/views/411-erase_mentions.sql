-- 411 erase_mentions: what is said of a person beside the record: notes of follow-ups, rows that were refused. Neither is under the
-- ledger, so the words themselves go. Run by the owner alone, before erase_person() (which forgets whom to look for).

-- A person's words as a pattern: of a number its digits, however they are set apart; a single character is looked for nowhere.
CREATE OR REPLACE FUNCTION erase_pattern(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN length(btrim(said)) < 2 THEN NULL
                WHEN said ~ '^[0-9+() -]{6,}$'
                THEN '(?<![0-9])(86[ -]*)?' || array_to_string(regexp_split_to_array(
                         regexp_replace(regexp_replace(said, '[^0-9]', '', 'g'), '^86(?=1[0-9]{10}$)', ''), ''), '[ ()-]*') || '(?![0-9])'
                ELSE regexp_replace(btrim(said), '([][\\.*+?(){}|^$])', '\\\1', 'g') END
$$;

-- A value of a row as it was read, with what matches gone, at every depth.
CREATE OR REPLACE FUNCTION erase_in(value jsonb, pattern text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(m.key, erase_in(m.value, pattern)), '{}') FROM jsonb_each(value) m)
        WHEN 'array' THEN (SELECT coalesce(jsonb_agg(erase_in(m.value, pattern) ORDER BY m.place), '[]')
                           FROM jsonb_array_elements(value) WITH ORDINALITY m (value, place))
        ELSE CASE WHEN value #>> '{}' ~* pattern THEN to_jsonb(regexp_replace(value #>> '{}', pattern, '〔已清除〕', 'gi')) ELSE value END
    END;
END
$$;

-- What a record holds of persons, as patterns. far: nobody else is called so, or a record bears the name (rather a namesake's name goes,
-- too, than that one is left); what is not far is a contact's name, which is looked for where the record itself is spoken of.
CREATE OR REPLACE FUNCTION erase_said(wanted text, id bigint) RETURNS TABLE (pattern text, far boolean) LANGUAGE plpgsql STABLE AS $$
DECLARE
    s record;
BEGIN
    SELECT l.* INTO STRICT s FROM ledger_source() l WHERE l.source = wanted;
    RETURN QUERY EXECUTE format(
        'WITH record AS (SELECT to_jsonb(t) AS r FROM %I t WHERE t.%I = $1 '
        '  UNION ALL SELECT v.record FROM register_version v WHERE v.kind = $3 AND v.record_id = $1 '
        '  UNION ALL SELECT v.record FROM fact_version v WHERE v.kind = $3 AND v.record_id = $1), '
        'contacts AS (SELECT m.key, m.value, CASE WHEN m.key = ''text'' THEN m.value END AS text '
        '  FROM contact c, jsonb_array_elements(c.contacts) o, jsonb_each_text(o) m WHERE c.record_id = $1 AND m.value IS NOT NULL), '
        'said AS (SELECT e.value, true AS far FROM record, jsonb_each_text(r) e WHERE e.key = ANY ($2) AND e.value !~ ''^sha256:[0-9a-f]{64}$'' '
        '  UNION SELECT value, key IN (''phone'', ''email'', ''wecom'') AND length(value) >= 6 FROM contacts WHERE key <> ''role'' '
        '  UNION SELECT f.found[1], true FROM contacts, regexp_matches(text, ''[0-9][0-9 -]{5,}[0-9]|[^ ,;，；：]+@[^ ,;，；]+'', ''g'') f (found)) '
        'SELECT erase_pattern(value), far FROM said WHERE erase_pattern(value) IS NOT NULL', s.relation, s.key[1])
    USING id, s.personal, wanted;
END
$$;

-- What names the record itself where it is no person's: there its contacts' names are looked for.
CREATE OR REPLACE FUNCTION erase_about(wanted text, id bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(erase_pattern(x.name), '|') FROM (
        SELECT unnest(ARRAY[e.uscc, e.name]) FROM enterprise e WHERE wanted = 'enterprise' AND e.enterprise_id = id
        UNION ALL SELECT unnest(ARRAY[i.uscc, i.name]) FROM institution i WHERE wanted = 'institution' AND i.institution_id = id
        UNION ALL SELECT n.source_id FROM need n WHERE wanted = 'need' AND n.need_id = id) x (name)
$$;

CREATE OR REPLACE FUNCTION erase_notes(wanted text, id bigint, far text, near text) RETURNS bigint LANGUAGE sql AS $$
    WITH gone AS (
        UPDATE follow_up_note f SET note = regexp_replace(f.note, c.pattern, '〔已清除〕', 'gi')
        FROM (SELECT n.follow_up_note_id, CASE WHEN wanted = 'enterprise' AND d.enterprise_id = id OR wanted = 'need' AND d.need_id = id THEN near
                                               ELSE far END AS pattern
              FROM follow_up_note n JOIN need d ON d.need_id = n.need_id) c
        WHERE c.follow_up_note_id = f.follow_up_note_id AND f.note ~* c.pattern
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- A row of the record's own kind that held it waits no longer: mended, it would bring back who was to go. In rows of other kinds, names
-- that are no number and no address are left: they are somebody else's.
CREATE OR REPLACE FUNCTION erase_refused(wanted text, id bigint, far text, near text, marked text, moment timestamptz)
RETURNS bigint LANGUAGE sql AS $$
    WITH gone AS (
        UPDATE refused_row r
        SET record = erase_in(r.record, c.pattern), value = regexp_replace(r.value, c.pattern, '〔已清除〕', 'gi'),
            reason = regexp_replace(r.reason, c.pattern, '〔已清除〕', 'gi'), reason_zh = regexp_replace(r.reason_zh, c.pattern, '〔已清除〕', 'gi'),
            settled_at = CASE WHEN c.own THEN coalesce(r.settled_at, moment) ELSE r.settled_at END,
            settled_by = CASE WHEN c.own THEN coalesce(r.settled_by, 'erase') ELSE r.settled_by END
        FROM (SELECT q.batch_id, q.place, b.kind = wanted AS own,
                     CASE WHEN b.kind <> wanted THEN marked
                          WHEN q.record::text ~* coalesce(erase_about(wanted, id), '') THEN near ELSE far END AS pattern
              FROM refused_row q JOIN load_batch b ON b.batch_id = q.batch_id) c
        WHERE c.batch_id = r.batch_id AND c.place = r.place
          AND (erase_in(r.record, c.pattern) <> r.record OR concat_ws(' ', r.value, r.reason, r.reason_zh) ~* c.pattern)
        RETURNING 1)
    SELECT count(*) FROM gone
$$;

-- Answers in how many of each.
CREATE OR REPLACE FUNCTION erase_mentions(wanted text, id bigint, moment timestamptz) RETURNS TABLE (notes bigint, refused bigint)
LANGUAGE plpgsql AS $$
DECLARE
    far text; near text; marked text;
BEGIN
    SELECT string_agg(e.pattern, '|') FILTER (WHERE e.far), string_agg(e.pattern, '|'), string_agg(e.pattern, '|') FILTER (WHERE e.far AND e.pattern ~ '[0-9@]')
    INTO far, near, marked
    FROM (SELECT s.pattern, bool_or(s.far) AS far FROM erase_said(wanted, id) s GROUP BY s.pattern ORDER BY length(s.pattern) DESC) e;
    notes := erase_notes(wanted, id, far, near);
    refused := erase_refused(wanted, id, far, near, marked, moment);
    RETURN NEXT;
END
$$;
REVOKE EXECUTE ON FUNCTION erase_mentions, erase_notes, erase_refused FROM PUBLIC;
