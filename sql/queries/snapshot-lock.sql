-- One snapshot is taken at a time; held until snapshot-unlock or the session's end.
SELECT pg_advisory_lock(hashtext('patbridge.snapshot'))
