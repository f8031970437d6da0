-- The patent_status rows of a merged patent follow it.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
INSERT INTO patent_status (
    patent_id, status_date, status, recorded_at, batch_id)
SELECT
    $1::bigint, status_date, status, recorded_at, batch_id
FROM patent_status WHERE patent_id = $2::bigint ON CONFLICT DO NOTHING
