-- The texts of patents.
-- $1 bigint[]: the patents
-- -> patent_id text, title, abstract
SELECT p.patent_id::text AS patent_id, p.title, p.abstract
FROM patent p
WHERE p.patent_id = ANY ($1::bigint[])
