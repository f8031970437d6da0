-- Every source of the ledger; those that only its rows know have no table any more.
-- -> source text, there boolean
SELECT coalesce(s.source, r.source) AS source, s.source IS NOT NULL AS there
FROM ledger_source() s FULL JOIN (SELECT source FROM ledger_row UNION SELECT source FROM ledger_pack) r ON r.source = s.source
ORDER BY 1
