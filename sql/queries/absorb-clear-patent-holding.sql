-- What has been moved or joined.
-- $1 bigint: the patent that was merged
DELETE FROM patent_holding WHERE patent_id = $1::bigint
