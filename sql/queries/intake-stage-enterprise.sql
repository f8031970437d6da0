-- A place for one transaction's rows of enterprise.
CREATE TEMP TABLE IF NOT EXISTS stage_enterprise (LIKE enterprise) ON COMMIT DELETE ROWS
