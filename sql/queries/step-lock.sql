-- Takes the lock of a step on this session, if no other session has it.
-- $1 text: the step
-- -> boolean
SELECT pg_try_advisory_lock(hashtext('patbridge.step'), hashtext($1))
