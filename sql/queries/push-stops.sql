-- Which of these enterprises said stop, and to which agency.
-- $1 bigint[]: enterprises
-- -> enterprise_id, agency_id
SELECT DISTINCT enterprise_id, agency_id
FROM feedback
WHERE enterprise_id = ANY ($1::bigint[]) AND answer = 'stop'
