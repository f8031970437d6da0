-- A place for one transaction's rows of open_licence.
CREATE TEMP TABLE IF NOT EXISTS stage_open_licence (LIKE open_licence) ON COMMIT DELETE ROWS
