-- Releases snapshot-lock.
SELECT pg_advisory_unlock(hashtext('patbridge.snapshot'))
