-- Closes a need.
-- $1 bigint: the need; $2 text: by whom
UPDATE need SET state = 'closed' WHERE need_id = $1
