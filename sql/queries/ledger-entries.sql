-- A page of the ledger.
-- $1 bigint: after this number; $2 int: at most so many
-- -> number text, body text, digest text, rows text, rows_digest text (over the rows that are kept for the entry)
SELECT l.seq::text AS number, l.body, l.digest, d.rows::text AS rows, d.digest AS rows_digest
FROM (SELECT * FROM ledger WHERE seq > $1::bigint ORDER BY seq LIMIT $2::int) l CROSS JOIN LATERAL ledger_rows_digest(l.seq) d
ORDER BY l.seq
