-- The agencies that were known at a moment.
-- $1 timestamptz: known at; $2 int: the agency, 0 for all
-- -> agency_id int, code, name text, zone_settled_date, zone_left_date date, invented boolean
SELECT a.agency_id, a.code, a.name, a.zone_settled_date, a.zone_left_date, a.invented
FROM agency_at($1::timestamptz) a
WHERE $2::int = 0 OR a.agency_id = $2::int
ORDER BY a.code
