-- A place for one transaction's rows of agency.
CREATE TEMP TABLE IF NOT EXISTS stage_agency (LIKE agency) ON COMMIT DELETE ROWS
