-- A place for one transaction's rows of success_case.
CREATE TEMP TABLE IF NOT EXISTS stage_success_case (LIKE success_case) ON COMMIT DELETE ROWS
