-- A place for one transaction's rows of contact.
CREATE TEMP TABLE IF NOT EXISTS stage_contact (LIKE contact) ON COMMIT DELETE ROWS
