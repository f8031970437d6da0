-- A place for one transaction's rows of sale.
CREATE TEMP TABLE IF NOT EXISTS stage_sale (LIKE sale) ON COMMIT DELETE ROWS
