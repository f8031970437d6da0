-- Writes what is staged for agency; the rows as they stand before are kept by intake-keep-agency.
-- -> one row a row written
INSERT INTO agency SELECT * FROM stage_agency
ON CONFLICT (agency_id) DO UPDATE SET
    uscc = excluded.uscc, name = excluded.name, zone_settled_date = excluded.zone_settled_date,
    zone_first = excluded.zone_first, zone_left_date = excluded.zone_left_date,
    staff_attorneys = excluded.staff_attorneys, staff_lawyers = excluded.staff_lawyers,
    entrusted_by = excluded.entrusted_by, entrusted_date = excluded.entrusted_date,
    pilot_open_licence = excluded.pilot_open_licence, invented = excluded.invented,
    source = excluded.source, documents = excluded.documents, extra = excluded.extra,
    batch_id = excluded.batch_id, change_seq = excluded.change_seq,
    recorded_at = excluded.recorded_at
RETURNING agency_id
