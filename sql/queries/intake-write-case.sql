-- Writes what is staged for success_case; the rows as they stand before are kept by intake-keep-case.
-- -> one row a row written
INSERT INTO success_case SELECT * FROM stage_success_case
ON CONFLICT (case_id) DO UPDATE SET
    number = excluded.number, kind = excluded.kind, client = excluded.client, succeeded_date =
    excluded.succeeded_date, invented = excluded.invented, source = excluded.source, documents =
    excluded.documents, extra = excluded.extra, batch_id = excluded.batch_id, change_seq =
    excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING case_id
