-- What absorb-move-feedback has moved.
-- $1 bigint: the patent that was merged
DELETE FROM feedback WHERE patent_id = $1::bigint
