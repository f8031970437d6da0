-- Which of these enterprises said stop, and to which agency, and did not take it back.
-- $1 bigint[]: enterprises
-- -> enterprise_id, agency_id
SELECT DISTINCT enterprise_id, agency_id
FROM standing_stop
WHERE enterprise_id = ANY ($1::bigint[])
