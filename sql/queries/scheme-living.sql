-- Which of these symbols the classification has.
-- $1 text[]: symbols
-- -> symbol text
SELECT symbol FROM ipc_symbol WHERE symbol = ANY ($1::text[])
