-- A place for one transaction's rows of client.
CREATE TEMP TABLE IF NOT EXISTS stage_client (LIKE client) ON COMMIT DELETE ROWS
