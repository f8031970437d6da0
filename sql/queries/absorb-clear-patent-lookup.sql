-- What absorb-move-patent-lookup has moved.
-- $1 bigint: the patent that was merged
DELETE FROM patent_lookup WHERE patent_id = $1::bigint
