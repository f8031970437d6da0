-- What absorb-move-patent-status has moved.
-- $1 bigint: the patent that was merged
DELETE FROM patent_status WHERE patent_id = $1::bigint
