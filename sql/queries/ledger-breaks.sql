-- Rows that had been altered before an entry changed them: what it found is not what the entry before had left.
-- $1 int: at most so many
-- -> number text, source, key, what text
SELECT q.seq::text AS number, q.source, q.key, 'altered_before' AS what
FROM (SELECT r.seq, r.source, r.key, r.before, lag(r.after) OVER (PARTITION BY r.source, r.key ORDER BY r.seq) AS was
      FROM ledger_every_row r) q
WHERE q.before IS DISTINCT FROM q.was
ORDER BY q.seq LIMIT $1::int
