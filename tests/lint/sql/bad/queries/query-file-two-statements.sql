-- Closes a need.
-- $1 bigint: the need
UPDATE need SET state = 'closed' WHERE need_id = $1;
DELETE FROM outbox WHERE need_id = $1;
