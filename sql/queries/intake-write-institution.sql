-- Writes what is staged for institution; the rows as they stand before are kept by intake-keep-institution.
-- -> one row a row written
INSERT INTO institution SELECT * FROM stage_institution
ON CONFLICT (institution_id) DO UPDATE SET
    uscc = excluded.uscc, name = excluded.name, kind = excluded.kind, code = excluded.code,
    services = excluded.services, division_code = excluded.division_code,
    invented = excluded.invented, source = excluded.source, documents = excluded.documents,
    batch_id = excluded.batch_id, change_seq = excluded.change_seq,
    recorded_at = excluded.recorded_at
RETURNING institution_id
