-- The rows of several clauses' metrics, summed by what they are (views/395-clause.sql).
-- $1 jsonb: [{place, metric, pack}]; $2 date: as of; $3 timestamptz: known at; $4 int: the agency, 0 for all
-- -> place int, metric text, agency_id, year int, payee text, counted, undetermined boolean, reason text, rows, amount, base_fen,
--    award_fen, grant_fen, invented, late, unknown bigint, capped boolean, awaits, contracts jsonb
SELECT f.place, f.metric, f.agency_id, f.year, f.payee, f.counted, f.undetermined, f.reason, f.rows, f.amount::bigint AS amount,
       f.base_fen::bigint AS base_fen, f.award_fen::bigint AS award_fen, f.grant_fen::bigint AS grant_fen, f.invented, f.late,
       f.unknown, f.capped, f.awaits, f.contracts
FROM clause_figure($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0)) f
ORDER BY f.place, f.metric, f.agency_id, f.year, f.payee, f.reason
