-- A need's leads of a round are written; nobody else has done so.
-- $1 bigint: the need; $2 int: how many ranges; $3 bigint: the round
-- -> one row when this transaction is the one
UPDATE match_round SET merged = $3::bigint WHERE need_id = $1::bigint AND parts = $2::int AND round = $3::bigint AND merged < $3::bigint
RETURNING need_id
