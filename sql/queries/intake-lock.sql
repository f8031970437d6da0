-- One transaction takes records in at a time: change_seq is drawn in the order of commit, and two loads of one record
-- can't miss each other.
SELECT pg_advisory_xact_lock(hashtext('patbridge.intake'))
