-- Releases migration-lock.
SELECT pg_advisory_unlock(hashtext('patbridge.migrate'))
