-- Writes what is staged for client; the rows as they stand before are kept by intake-keep-client.
-- -> one row a row written
INSERT INTO client SELECT * FROM stage_client
ON CONFLICT (client_id) DO UPDATE SET
    key = excluded.key, name = excluded.name, uscc = excluded.uscc, top500_year =
    excluded.top500_year, invented = excluded.invented, source = excluded.source, documents =
    excluded.documents, extra = excluded.extra, batch_id = excluded.batch_id, change_seq =
    excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING client_id
