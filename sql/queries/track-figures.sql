-- A figure of clause 4.2, of every agency that has candidates.
-- $1 text: the metric; $2 jsonb: what the pack says (views/300-metric.sql); $3 date: as of; $4 timestamptz: known at; $5 int: the agency,
-- 0 for all
-- -> metric text, agency_id int, value, literal bigint, left_out jsonb, invented, late, unknown, open bigint, contracts jsonb
SELECT f.metric, f.agency_id, f.value, f.literal, f.left_out, f.invented, f.late, f.unknown, f.open, f.contracts
FROM track_figure($1, $2::jsonb, $3::date, $4::timestamptz, nullif($5::int, 0)) f
