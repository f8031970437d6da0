-- Enterprises by credit code or folded name.
-- $1 jsonb: credit codes; $2 jsonb: folded names
-- -> enterprise_id bigint, uscc text, name_key text
SELECT enterprise_id, uscc, name_key FROM enterprise
WHERE uscc = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
   OR name_key = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))
