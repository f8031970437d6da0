-- Writes what is staged for expert; the rows as they stand before are kept by intake-keep-expert.
-- -> one row a row written
INSERT INTO expert SELECT * FROM stage_expert
ON CONFLICT (expert_id) DO UPDATE SET
    key = excluded.key, name = excluded.name, employer = excluded.employer,
    fields = excluded.fields, ipc = excluded.ipc, title = excluded.title,
    profile = excluded.profile, consent_date = excluded.consent_date,
    invented = excluded.invented, source = excluded.source, documents = excluded.documents,
    batch_id = excluded.batch_id, change_seq = excluded.change_seq,
    recorded_at = excluded.recorded_at
RETURNING expert_id
