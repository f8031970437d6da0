-- Since when there are the rows of these records.
-- $1 text: source; $2 text: the column of the records' ids; $3 text[]: ids
-- -> moments jsonb: [[id, time]…]
SELECT coalesce(jsonb_agg(jsonb_build_array(m.record::text, m.at::text)), '[]') AS moments
FROM ledger_moments($1::text, $2::text, $3::text[]) m
