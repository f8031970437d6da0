-- 410 erase: takes a person's name out, by law. Run by the owner alone: nobody else may change what is appended.

-- Puts, in place of the names that a record holds (ledger_source().personal), the very texts that stand for them in digests:
-- no digest changes. Versions before, decisions and papers follow; contacts and what only an agency called the record go;
-- the salts go last, and nobody can find the name by trying. Answers how many names were taken out.
CREATE OR REPLACE FUNCTION erase_person(wanted text, id bigint) RETURNS bigint LANGUAGE plpgsql
SET timezone = 'UTC' AS $$
DECLARE
    s record;
    one record;
    done bigint := 0;
BEGIN
    SELECT l.* INTO STRICT s FROM ledger_source() l WHERE l.source = wanted;
    CREATE TEMP TABLE erasing (name text, was text, token text) ON COMMIT DROP;
    EXECUTE format('INSERT INTO erasing SELECT e.key, e.value, personal_token(e.value) FROM %I t, jsonb_each_text(to_jsonb(t)) e '
                   'WHERE t.%I = $1 AND e.key = ANY ($2) AND e.value !~ ''^sha256:[0-9a-f]{64}$''', s.relation, s.key[1])
    USING id, s.personal;
    EXECUTE format('INSERT INTO erasing SELECT DISTINCT e.key, e.value, personal_token(e.value) '
                   'FROM register_version v, jsonb_each_text(v.record) e WHERE v.kind = %L AND v.record_id = $1 AND e.key = ANY ($2) '
                   'AND e.value !~ ''^sha256:[0-9a-f]{64}$'' UNION SELECT DISTINCT e.key, e.value, personal_token(e.value) '
                   'FROM fact_version v, jsonb_each_text(v.record) e WHERE v.kind = %L AND v.record_id = $1 AND e.key = ANY ($2) '
                   'AND e.value !~ ''^sha256:[0-9a-f]{64}$''', wanted, wanted)
    USING id, s.personal;
    FOR one IN SELECT DISTINCT * FROM erasing WHERE token IS NOT NULL LOOP
        EXECUTE format('UPDATE %I SET %I = $1 WHERE %I = $2 AND %I = $3', s.relation, one.name, s.key[1], one.name)
        USING one.token, id, one.was;
        UPDATE register_version SET record = record || jsonb_build_object(one.name, one.token)
        WHERE kind = wanted AND record_id = id AND record ->> one.name = one.was;
        UPDATE fact_version SET record = record || jsonb_build_object(one.name, one.token)
        WHERE kind = wanted AND record_id = id AND record ->> one.name = one.was;
        UPDATE decision SET key = one.token WHERE kind = wanted AND key = one.was;
        UPDATE proposal SET key = one.token WHERE kind = wanted AND key = one.was;
        UPDATE document SET key = one.token WHERE kind = wanted AND key = one.was;
        done := done + 1;
    END LOOP;
    DELETE FROM contact WHERE record_id = id;
    UPDATE record_holding SET source_id = NULL, extra = '{}' WHERE record_id = id AND kind = wanted;
    DELETE FROM personal_salt p USING erasing e WHERE p.value = e.was OR p.value LIKE replace(replace(e.was, '%', '\%'), '_', '\_') || '/%';
    RETURN done;
END
$$;
REVOKE EXECUTE ON FUNCTION erase_person FROM PUBLIC;
