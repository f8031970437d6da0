-- Enterprises by credit code or folded name.
-- $1 text[]: credit codes; $2 text[]: folded names
-- -> enterprise_id bigint, uscc text, name_key text
SELECT enterprise_id, uscc, name_key FROM enterprise
WHERE uscc = ANY ($1::text[])
   OR name_key = ANY ($2::text[])
