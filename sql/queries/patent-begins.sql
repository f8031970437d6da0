-- Whether a number that leads to a patent begins so.
-- $1 text: the beginning, as numbers in normal form are written
-- -> begins: 1 or 0
SELECT EXISTS (SELECT FROM patent_alias s
               WHERE s.number BETWEEN $1 AND $1 || repeat('Z', 18) AND starts_with(s.number, $1))::int::bigint AS begins
