-- What stands for a condition about the rows t of a register: their ids, where few meet it; else `plain`, which says the same and which no
-- index has, for then whoever goes through the rows in their order has a page of them soon. The planner can't tell the two apart: of how many
-- names four characters are part is nothing that statistics of columns know. Looked up by indexes alone (0003, 0028).
DROP FUNCTION IF EXISTS api_few(text, text);
CREATE OR REPLACE FUNCTION api_few(kind text, condition text, plain text) RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off AS $$
DECLARE
    few constant int := 2000;
    ids bigint[];
BEGIN
    EXECUTE format('SELECT array_agg(f.id) FROM (SELECT t.%1$I AS id FROM %2$I t WHERE %3$s LIMIT %4$s) f', kind || '_id', kind, condition,
                   few + 1) INTO ids;
    RETURN CASE WHEN cardinality(ids) > few THEN plain
                ELSE format('t.%I = ANY (%L::bigint[])', kind || '_id', coalesce(ids, '{}')) END;
END
$$;

-- The condition by which patents are narrowed down to those with a number that begins so ("CN2020101"): their ids, where few numbers do, by the key
-- of patent_alias, between these two in the order of whatever collation; else by the row's own two numbers, for then a page of them is found
-- soon. (A third number of a patent leads to it only where few begin alike.)
CREATE OR REPLACE FUNCTION api_beginning(number text) RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
    few constant int := 2000;
    ids bigint[];
BEGIN
    SELECT array_agg(f.patent_id) INTO ids
    FROM (SELECT s.patent_id FROM patent_alias s
          WHERE s.number BETWEEN $1 AND $1 || repeat('Z', 18) AND starts_with(s.number, $1) LIMIT few + 1) f;
    RETURN CASE WHEN cardinality(ids) > few
                THEN format('(starts_with(t.application_number, %1$L) OR starts_with(t.publication_number, %1$L))', number)
                ELSE format('t.patent_id = ANY (%L::bigint[])', coalesce(ids, '{}')) END;
END
$$;

-- The condition, as SQL about the row t (of needs beside the enterprise e), by which a list of a kind is narrowed down to what somebody
-- typed; null: records of this kind are not searched by words. The characters first, which an index has (0028), then their order.
CREATE OR REPLACE FUNCTION api_words(kind text, words text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    low text := lower(btrim(words));
    spelt text := upper(btrim(words));
    is_number boolean := spelt ~ '^[0-9A-Z._/-]+$';
    digits text := coalesce((regexp_match(spelt, '[0-9]+'))[1], '');
    plain text := 'strpos(lower(%1$s), %2$L) > 0';
    found text := '(string_to_array(lower(%1$s), NULL) @> string_to_array(%2$L, NULL) AND ' || plain || ')';
BEGIN
    CASE kind
    WHEN 'enterprise', 'institution' THEN
        found := format(found, 't.name', low);
        plain := format(plain, 't.name', low);
        IF spelt ~ '^[0-9A-Z]{18}$' THEN
            found := format('t.uscc = %L', spelt);
        ELSE -- a code begins so: between these two, in the order of whatever collation
            IF is_number THEN
                found := format('(%1$s OR (t.uscc BETWEEN %2$L AND %3$L AND starts_with(t.uscc, %2$L)))', found, spelt, spelt || repeat('Z', 18));
                plain := format('(%1$s OR starts_with(t.uscc, %2$L))', plain, spelt);
            END IF;
            found := api_few(kind, found, plain);
        END IF;
    WHEN 'expert' THEN
        found := api_few(kind, format(found, 't.name || '' '' || t.employer', low), format(plain, 't.name || '' '' || t.employer', low));
    WHEN 'need' THEN -- the titles of an agency's own are looked through; folding costs more than looking
        found := format(found, 't.name', low);
        found := format('t.enterprise_id IN (SELECT t.enterprise_id FROM enterprise t WHERE %s)', api_few('enterprise', found, found));
        IF low = spelt THEN -- nothing to fold
            found := found || format(' OR strpos(t.title, %L) > 0', low) || CASE WHEN is_number THEN format(' OR starts_with(t.source_id, %L)', spelt) ELSE '' END;
        ELSIF is_number THEN -- letters of ASCII alone, which "C" folds in a tenth of the time, and only where its digits are
            found := found || format(' OR (strpos(t.title, %2$L) > 0 AND strpos(lower(t.title COLLATE "C"), %1$L) > 0)', low, digits)
                     || format(' OR (strpos(t.source_id, %2$L) > 0 AND starts_with(upper(t.source_id COLLATE "C"), %1$L))', spelt, digits);
        ELSE
            found := found || format(' OR strpos(lower(t.title), %L) > 0', low);
        END IF;
        found := '(' || found || ')';
    WHEN 'deal' THEN
        found := format('(starts_with(upper(t.contract_number), %2$L) OR starts_with(upper(t.registration_number), %2$L) '
                        'OR strpos(lower(t.seller ->> ''name''), %1$L) > 0 OR strpos(lower(t.buyer ->> ''name''), %1$L) > 0)', low, spelt);
    WHEN 'patent' THEN
        found := format('strpos(lower(t.title), %L) > 0', low);
    ELSE
        found := NULL;
    END CASE;
    RETURN found;
END
$$;
