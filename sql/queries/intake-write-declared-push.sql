-- Writes what is staged for declared_push; the rows as they stand before are kept by intake-keep-declared-push.
-- -> one row a row written
INSERT INTO declared_push SELECT * FROM stage_declared_push
ON CONFLICT (declared_push_id) DO UPDATE SET
    patent = excluded.patent, enterprise_uscc = excluded.enterprise_uscc,
    sent_date = excluded.sent_date, channel = excluded.channel, evidence = excluded.evidence,
    invented = excluded.invented, source = excluded.source, documents = excluded.documents,
    extra = excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq,
    recorded_at = excluded.recorded_at
RETURNING declared_push_id
