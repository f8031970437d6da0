-- Writes what is staged for event; the rows as they stand before are kept by intake-keep-event.
-- -> one row a row written
INSERT INTO event SELECT * FROM stage_event
ON CONFLICT (event_id) DO UPDATE SET
    key = excluded.key, name = excluded.name, kind = excluded.kind, partner = excluded.partner,
    announced_date = excluded.announced_date, start = excluded.start, "end" = excluded."end",
    attendance = excluded.attendance, place = excluded.place, subject = excluded.subject, invented
    = excluded.invented, source = excluded.source, documents = excluded.documents, extra =
    excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq, recorded_at =
    excluded.recorded_at
RETURNING event_id
