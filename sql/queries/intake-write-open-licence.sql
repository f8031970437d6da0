-- Writes what is staged for open_licence; the rows as they stand before are kept by intake-keep-open-licence.
-- -> one row a row written
INSERT INTO open_licence SELECT * FROM stage_open_licence
ON CONFLICT (open_licence_id) DO UPDATE SET
    patent = excluded.patent, patentee = excluded.patentee, statement_number =
    excluded.statement_number, published_date = excluded.published_date, fee_terms =
    excluded.fee_terms, valid_to = excluded.valid_to, industry = excluded.industry, invented =
    excluded.invented, source = excluded.source, documents = excluded.documents, extra =
    excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq, recorded_at =
    excluded.recorded_at
RETURNING open_licence_id
