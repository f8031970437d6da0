-- A place for one transaction's rows of deal.
CREATE TEMP TABLE IF NOT EXISTS stage_deal (LIKE deal) ON COMMIT DELETE ROWS
