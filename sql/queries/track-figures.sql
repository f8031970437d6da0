-- The figures of clause 4.2, of every agency and metric that has candidates.
-- $1 jsonb: what the pack says (views/300-metric.sql); $2 date: as of; $3 timestamptz: known at; $4 int: the agency, 0 for all
-- -> metric text, agency_id int, value, literal bigint, left_out jsonb, invented, late, unknown, open bigint
SELECT f.metric, f.agency_id, f.value, f.literal, f.left_out, f.invented, f.late, f.unknown, f.open
FROM track_figure($1::jsonb, $2::date, $3::timestamptz, nullif($4::int, 0)) f
