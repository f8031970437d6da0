-- Writes what is staged for attorney; the rows as they stand before are kept by intake-keep-attorney.
-- -> one row a row written
INSERT INTO attorney SELECT * FROM stage_attorney
ON CONFLICT (attorney_id) DO UPDATE SET
    practice_number = excluded.practice_number, name = excluded.name, practising_from =
    excluded.practising_from, practising_to = excluded.practising_to, contract_from =
    excluded.contract_from, contract_to = excluded.contract_to, service_from =
    excluded.service_from, service_to = excluded.service_to, invented = excluded.invented, source
    = excluded.source, documents = excluded.documents, extra = excluded.extra, batch_id =
    excluded.batch_id, change_seq = excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING attorney_id
