-- A place for one transaction's rows of refused_row.
CREATE TEMP TABLE IF NOT EXISTS stage_refused_row (LIKE refused_row) ON COMMIT DELETE ROWS
