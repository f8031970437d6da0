-- What absorb-move-lead has moved.
-- $1 bigint: the patent that was merged
DELETE FROM lead WHERE patent_id = $1::bigint
