-- Names of the organisations that are known.
-- $1 text: enterprise or institution
-- -> uscc, name text
SELECT uscc, name FROM enterprise WHERE $1 = 'enterprise'
UNION ALL
SELECT uscc, name FROM institution WHERE $1 = 'institution'
ORDER BY 1
