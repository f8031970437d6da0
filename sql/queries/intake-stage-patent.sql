-- A place for one transaction's rows of patent.
CREATE TEMP TABLE IF NOT EXISTS stage_patent (LIKE patent) ON COMMIT DELETE ROWS
