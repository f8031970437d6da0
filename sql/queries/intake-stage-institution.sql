-- A place for one transaction's rows of institution.
CREATE TEMP TABLE IF NOT EXISTS stage_institution (LIKE institution) ON COMMIT DELETE ROWS
