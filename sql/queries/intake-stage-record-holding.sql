-- A place for one transaction's rows of record_holding.
CREATE TEMP TABLE IF NOT EXISTS stage_record_holding (LIKE record_holding) ON COMMIT DELETE ROWS
