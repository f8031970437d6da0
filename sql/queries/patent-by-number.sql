-- Which patents these numbers lead to.
-- $1 jsonb: numbers in normal form
-- -> number text, patent_id bigint
SELECT number, patent_id FROM patent_alias
WHERE number = ANY (ARRAY(SELECT jsonb_array_elements_text($1::jsonb)))
