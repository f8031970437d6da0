-- A place for one transaction's rows of patent_alias.
CREATE TEMP TABLE IF NOT EXISTS stage_patent_alias (LIKE patent_alias) ON COMMIT DELETE ROWS
