-- Which patents these numbers lead to.
-- $1 text[]: numbers in normal form
-- -> number text, patent_id bigint
SELECT number, patent_id FROM patent_alias
WHERE number = ANY ($1::text[])
