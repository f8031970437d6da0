-- The last entry.
-- -> number text, digest text
SELECT seq::text AS number, digest FROM ledger ORDER BY seq DESC LIMIT 1
