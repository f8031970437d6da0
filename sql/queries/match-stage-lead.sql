-- A place for one transaction's leads.
CREATE TEMP TABLE IF NOT EXISTS stage_lead (LIKE lead) ON COMMIT DELETE ROWS
