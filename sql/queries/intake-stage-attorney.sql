-- A place for one transaction's rows of attorney.
CREATE TEMP TABLE IF NOT EXISTS stage_attorney (LIKE attorney) ON COMMIT DELETE ROWS
