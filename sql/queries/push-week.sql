-- How many pushes each enterprise got since a moment, whichever agency made them: the limit is the enterprise's wish.
-- $1 bigint[]: enterprises; $2 timestamptz: the moment
-- -> enterprise_id, pushes
SELECT enterprise_id, count(*) AS pushes
FROM push
WHERE enterprise_id = ANY ($1::bigint[]) AND created_at > $2::timestamptz
GROUP BY enterprise_id
