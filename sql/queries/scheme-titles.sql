-- What the classification calls these symbols.
-- $1 text[]: symbols
-- -> symbol, title text
SELECT symbol, title FROM ipc_symbol WHERE symbol = ANY ($1::text[]) AND title IS NOT NULL
