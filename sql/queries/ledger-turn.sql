-- Waits for the turn to write the ledger, which holds to the commit.
-- -> seq text: the number of the entry that comes next
SELECT ledger_turn()::text AS seq
