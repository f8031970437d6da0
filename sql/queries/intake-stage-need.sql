-- A place for one transaction's rows of need.
CREATE TEMP TABLE IF NOT EXISTS stage_need (LIKE need) ON COMMIT DELETE ROWS
