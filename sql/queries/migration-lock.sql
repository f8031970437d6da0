-- One migration at a time in this database; held until migration-unlock or the session's end.
SELECT pg_advisory_lock(hashtext('patbridge.migrate'))
