-- A place for one transaction's rows of expert.
CREATE TEMP TABLE IF NOT EXISTS stage_expert (LIKE expert) ON COMMIT DELETE ROWS
