-- One transaction makes pushes at a time, so that a weekly limit holds whoever else runs; until the transaction's end.
SELECT pg_advisory_xact_lock(hashtext('patbridge.push'))
