-- Takes an account's password away, and its codes: nobody comes in by it.
-- $1 text: account
-- -> one row when there was one
DELETE FROM credential WHERE account = $1 RETURNING account
