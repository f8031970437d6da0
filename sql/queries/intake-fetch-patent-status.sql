-- The legal status recorded last for each date of these patents.
-- $1 bigint[]: ids
-- -> patent_id bigint, statuses jsonb: {"2020-05-01" or "": status or null}
SELECT patent_id, jsonb_object_agg(coalesce(status_date::text, ''), status) AS statuses
FROM (
    SELECT DISTINCT ON (patent_id, status_date) patent_id, status_date, status
    FROM patent_status
    WHERE patent_id = ANY ($1::bigint[])
    ORDER BY patent_id, status_date, recorded_at DESC
) latest
GROUP BY patent_id
