-- The merged patent points to the one that stays.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
UPDATE patent SET merged_into = $1::bigint WHERE patent_id = $2::bigint OR merged_into = $2::bigint
