-- Writes what is staged for need; the rows as they stand before are kept by intake-keep-need.
-- -> one row a row written
INSERT INTO need SELECT * FROM stage_need
ON CONFLICT (need_id) DO UPDATE SET
    source_id = excluded.source_id, enterprise_id = excluded.enterprise_id,
    title = excluded.title, text = excluded.text, ipc = excluded.ipc,
    cooperation = excluded.cooperation, budget_fen = excluded.budget_fen,
    valid_from = excluded.valid_from, valid_to = excluded.valid_to, state = excluded.state,
    accepted_date = excluded.accepted_date, accepted_by = excluded.accepted_by,
    invented = excluded.invented, source = excluded.source, documents = excluded.documents,
    extra = excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq,
    recorded_at = excluded.recorded_at
RETURNING need_id
