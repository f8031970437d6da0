-- Whether a classification has been loaded.
-- -> 0 or 1
SELECT count(*) FROM (SELECT 1 FROM ipc_symbol LIMIT 1) AS one
