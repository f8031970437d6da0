-- Facts by the month in which they were first recorded, and of them those recorded more than a month after the day that they claim.
-- $1 int: the agency, 0 for every one; $2 text: time zone
-- -> month text ("2025-06"), recorded, late, invented (of those recorded) int
WITH fact AS (
    SELECT t.agency_id, t.valid_from AS claimed, t.first_recorded_at, t.invented FROM need t
    UNION ALL SELECT t.agency_id, t.contract_date, t.first_recorded_at, t.invented FROM deal t
    UNION ALL SELECT t.agency_id, t.sent_date, t.first_recorded_at, t.invented FROM declared_push t
)
SELECT to_char(f.first_recorded_at AT TIME ZONE $2::text, 'YYYY-MM') AS month, count(*)::int AS recorded,
       count(*) FILTER (WHERE (f.first_recorded_at AT TIME ZONE $2::text)::date > f.claimed + 31)::int AS late,
       count(*) FILTER (WHERE f.invented)::int AS invented
FROM fact f WHERE $1::int = 0 OR f.agency_id = $1::int
GROUP BY 1 ORDER BY 1
