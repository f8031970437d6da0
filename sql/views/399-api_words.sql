-- The condition, as SQL about the row t (of needs beside the enterprise e), by which a list of a kind is narrowed down to what somebody
-- typed; null: records of this kind are not searched by words. The characters first, which an index has (0028), then their order.
CREATE OR REPLACE FUNCTION api_words(kind text, words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    low text := lower(btrim(words));
    spelt text := upper(btrim(words));
    is_number boolean := spelt ~ '^[0-9A-Z._/-]+$';
    found text := '(string_to_array(lower(%1$s), NULL) @> string_to_array(%2$L, NULL) AND strpos(lower(%1$s), %2$L) > 0)';
BEGIN
    CASE kind
    WHEN 'enterprise', 'institution' THEN
        found := format(found, 't.name', low);
        IF is_number THEN
            found := format('(%s OR starts_with(t.uscc, %L))', found, spelt);
        END IF;
    WHEN 'expert' THEN
        found := format(found, 't.name || '' '' || t.employer', low);
    WHEN 'need' THEN
        found := format('(strpos(lower(t.title), %1$L) > 0 OR strpos(lower(e.name), %1$L) > 0 OR starts_with(upper(t.source_id), %2$L))', low,
                        spelt);
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
