-- The first rows of a source that differ from the ledger.
-- $1 text: source; $2 int: at most so many
-- -> number text or null (the entry that knew it last), source, key, what text
SELECT a.seq::text AS number, a.source, a.key, a.what FROM ledger_altered($1::text) a
ORDER BY a.seq NULLS LAST, a.key COLLATE "C" LIMIT $2::int
