-- A place for one transaction's rows of patent_status.
CREATE TEMP TABLE IF NOT EXISTS stage_patent_status (LIKE patent_status) ON COMMIT DELETE ROWS
