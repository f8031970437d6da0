-- What absorb-move-push has moved.
-- $1 bigint: the patent that was merged
DELETE FROM push WHERE patent_id = $1::bigint
