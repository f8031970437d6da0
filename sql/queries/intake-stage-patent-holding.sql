-- A place for one transaction's rows of patent_holding.
CREATE TEMP TABLE IF NOT EXISTS stage_patent_holding (LIKE patent_holding) ON COMMIT DELETE ROWS
