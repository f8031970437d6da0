-- Needs of an enterprise are weighed from the beginning again: while it said stop, nothing was proposed for them.
-- $1 int: the agency; $2 bigint: the enterprise
UPDATE match_progress SET need_seq = 0
WHERE agency_id = $1::int AND need_id IN (SELECT n.need_id FROM need n WHERE n.agency_id = $1::int AND n.enterprise_id = $2::bigint)
