-- Every number of the merged patent leads to the one that stays.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
UPDATE patent_alias SET patent_id = $1::bigint WHERE patent_id = $2::bigint
