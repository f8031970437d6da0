-- A place for one transaction's rows of declared_push.
CREATE TEMP TABLE IF NOT EXISTS stage_declared_push (LIKE declared_push) ON COMMIT DELETE ROWS
