-- Writes what is staged for sale; the rows as they stand before are kept by intake-keep-sale.
-- -> one row a row written
INSERT INTO sale SELECT * FROM stage_sale
ON CONFLICT (sale_id) DO UPDATE SET
    invoice = excluded.invoice, client = excluded.client, amount_fen = excluded.amount_fen, date =
    excluded.date, service = excluded.service, invented = excluded.invented, source =
    excluded.source, documents = excluded.documents, extra = excluded.extra, batch_id =
    excluded.batch_id, change_seq = excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING sale_id
