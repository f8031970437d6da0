-- What waits to be sent follows.
-- $1 bigint: the patent that stays; $2 bigint: the one that is found to be the same
UPDATE outbox SET patent_id = $1::bigint WHERE patent_id = $2::bigint
