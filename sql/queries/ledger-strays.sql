-- Rows kept for entries that are not there.
-- -> number text, source, key text
SELECT r.seq::text AS number, r.source, r.key FROM ledger_every_row r
WHERE NOT EXISTS (SELECT FROM ledger l WHERE l.seq = r.seq) ORDER BY r.seq, r.source, r.key LIMIT 1
