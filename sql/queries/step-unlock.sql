-- Gives the lock of a step back.
-- $1 text: the step
SELECT pg_advisory_unlock(hashtext('patbridge.step'), hashtext($1))
