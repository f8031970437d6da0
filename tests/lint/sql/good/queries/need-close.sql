-- Closes a need; isn't run twice.
-- $1 bigint: the need; $2…$3 text: state, reason
-- -> need_id bigint
UPDATE need SET state = $2, reason = $3 WHERE need_id = $1 RETURNING need_id;
