-- Writes the staged contacts.
INSERT INTO contact SELECT * FROM stage_contact
ON CONFLICT (record_id, agency_id) DO UPDATE SET
    contacts = excluded.contacts, batch_id = excluded.batch_id, recorded_at = excluded.recorded_at
