-- The change up to which needs have been compared; -1: none. Who is to compare takes turns from here on.
-- -> change_seq bigint
SELECT coalesce((SELECT max(c.change_seq) FROM need_compared c), -1) AS change_seq
FROM (SELECT pg_advisory_xact_lock(hashtext('patbridge.need_compared'))) turn
