-- True when the table has the column.
CREATE OR REPLACE FUNCTION api_has_column(kind text, name text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(quote_ident(kind)) AND a.attname = name AND a.attnum > 0)
$$;

-- Records of a kind as lists of the HTTP interface show them, a page at a time in the order of their ids.
--   kind    the name of the kind, which is its table's
--   agency  whose: facts it recorded, registers it holds; 0: everything that the role sees
--   after   the last id of the page before; null: from the first
--   filters {column: text}: equal to; {"recorded_since": moment}; {"enterprise_uscc": code} where the table has the enterprise's id;
--           {"q": what somebody typed}; of patents {"number": in normal form}, {"begins": its beginning} and {"ids": an array}, the first of which are taken; {"columns": those alone, with commas
--           between}. A text of a patent can be long: a list that shows names reads only them
--   most    how many
-- -> record_id; agency_id (null: a register without holding); record: the row, what only the agency says of it beside
-- A kind appears by its table: KIND_id is its id, agency_id stands in facts only, a register has holdings.
CREATE OR REPLACE FUNCTION api_records(kind text, agency int, after bigint, filters jsonb, most int)
RETURNS TABLE (record_id bigint, agency_id bigint, record jsonb)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    has_enterprise boolean := api_has_column(kind, 'enterprise_id');
    fact boolean := kind <> 'agency' AND api_has_column(kind, 'agency_id');
    holding text := CASE kind WHEN 'patent' THEN 'patent_holding' WHEN 'agency' THEN null ELSE 'record_holding' END;
    wanted text := 'true';
    shown text := 'to_jsonb(t)';
    sort text := format('t.%I', kind || '_id');
    filter record;
BEGIN
    IF to_regclass(quote_ident(kind)) IS NULL OR NOT api_has_column(kind, kind || '_id') THEN
        RETURN;
    END IF;
    FOR filter IN SELECT f.key, f.value FROM jsonb_each_text(filters) f LOOP
        IF filter.key = 'recorded_since' THEN
            wanted := wanted || format(' AND t.recorded_at >= %L::timestamptz', filter.value);
        ELSIF filter.key = 'q' THEN
            wanted := wanted || ' AND ' || coalesce(api_words(kind, filter.value), 'false');
        ELSIF kind = 'patent' AND filter.key = 'number' THEN
            wanted := wanted || format(' AND t.patent_id IN (SELECT s.patent_id FROM patent_alias s WHERE s.number = %L)', filter.value);
        ELSIF kind = 'patent' AND filter.key = 'begins' THEN
            wanted := wanted || ' AND ' || api_beginning(filter.value);
        ELSIF kind = 'patent' AND filter.key = 'ids' THEN
            wanted := wanted || format(' AND t.patent_id = ANY (%L::bigint[])', filter.value);
            sort := format('array_position(%L::bigint[], t.patent_id)', filter.value);
        ELSIF filter.key = 'columns' THEN
            shown := 'jsonb_build_object(' || (
                SELECT string_agg(format('%L, t.%I', c.name, c.name), ', ')
                FROM (SELECT kind || '_id' AS name UNION SELECT unnest(string_to_array(filter.value, ','))) c
                WHERE api_has_column(kind, c.name)) || ')';
        ELSIF filter.key = 'enterprise_uscc' AND has_enterprise THEN
            wanted := wanted || format(' AND t.enterprise_id = (SELECT e.enterprise_id FROM enterprise e WHERE e.uscc = %L)', filter.value);
        ELSIF kind = 'patent' AND filter.key = 'family' THEN -- of the family that names this number
            wanted := wanted || format(' AND t.family IS NOT NULL AND t.family && ARRAY[upper(replace(%L, '' '', ''''))]', filter.value);
        ELSIF api_has_column(kind, filter.key) THEN
            wanted := wanted || format(' AND t.%I::text = %L', filter.key, filter.value);
        ELSE
            wanted := wanted || ' AND false';
        END IF;
    END LOOP;
    IF api_has_column(kind, 'merged_into') THEN
        wanted := wanted || ' AND t.merged_into IS NULL';
    END IF;
    IF after IS NOT NULL THEN
        wanted := wanted || format(' AND t.%I > %L::bigint', kind || '_id', after);
    END IF;
    IF fact OR holding IS NULL THEN
        RETURN QUERY EXECUTE format(
            'SELECT t.%1$I::bigint, t.agency_id::bigint, %6$s || %2$s FROM %3$I t %4$s WHERE %5$s AND ($1 = 0 OR t.agency_id = $1) '
            'ORDER BY t.%1$I LIMIT $2', kind || '_id',
            CASE WHEN has_enterprise THEN 'jsonb_build_object(''enterprise_uscc'', e.uscc)' ELSE '''{}''::jsonb' END, kind,
            CASE WHEN has_enterprise THEN 'JOIN enterprise e ON e.enterprise_id = t.enterprise_id' ELSE '' END, wanted, shown)
            USING agency, most;
    ELSIF agency = 0 THEN
        RETURN QUERY EXECUTE format('SELECT t.%1$I::bigint, null::bigint, %4$s FROM %2$I t WHERE %3$s ORDER BY %5$s LIMIT $1',
                                    kind || '_id', kind, wanted, shown, sort) USING most;
    ELSE
        RETURN QUERY EXECUTE format(
            'SELECT t.%1$I::bigint, h.agency_id::bigint, %7$s || jsonb_build_object(''extra'', h.extra - ''_from'', ''held_since'', '
            'h.held_since) || %2$s FROM %3$I t JOIN %4$I h ON h.%5$I = t.%1$I AND h.agency_id = $1 AND h.superseded_at IS NULL '
            'WHERE %6$s ORDER BY %8$s LIMIT $2', kind || '_id',
            CASE kind WHEN 'patent' THEN '''{}''::jsonb' ELSE 'jsonb_build_object(''source_id'', h.source_id)' END, kind, holding,
            CASE kind WHEN 'patent' THEN 'patent_id' ELSE 'record_id' END, wanted, shown, sort)
            USING agency, most;
    END IF;
END
$$;
