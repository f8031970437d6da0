-- Takes one burst that the ledger does not know of; none of a daemon that is gone is left out.
-- -> account, first_at
UPDATE signin_burst SET told = true
WHERE account = (SELECT b.account FROM signin_burst b WHERE NOT b.told ORDER BY b.account LIMIT 1 FOR UPDATE)
RETURNING account, first_at
