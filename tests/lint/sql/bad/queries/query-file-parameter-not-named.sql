-- Closes a need.
-- $1 bigint: the need
UPDATE need SET state = $2 WHERE need_id = $1
