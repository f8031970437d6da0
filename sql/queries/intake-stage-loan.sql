-- A place for one transaction's rows of loan.
CREATE TEMP TABLE IF NOT EXISTS stage_loan (LIKE loan) ON COMMIT DELETE ROWS
