-- Writes what is staged for navigation_project; the rows as they stand before are kept by intake-keep-navigation-project.
-- -> one row a row written
INSERT INTO navigation_project SELECT * FROM stage_navigation_project
ON CONFLICT (navigation_project_id) DO UPDATE SET
    key = excluded.key, name = excluded.name, enterprise_uscc = excluded.enterprise_uscc,
    approved_date = excluded.approved_date, approval_number = excluded.approval_number, invented =
    excluded.invented, source = excluded.source, documents = excluded.documents, extra =
    excluded.extra, batch_id = excluded.batch_id, change_seq = excluded.change_seq, recorded_at =
    excluded.recorded_at
RETURNING navigation_project_id
