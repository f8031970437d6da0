-- Writes what is staged for enterprise; the rows as they stand before are kept by intake-keep-enterprise.
-- -> one row a row written
INSERT INTO enterprise SELECT * FROM stage_enterprise
ON CONFLICT (enterprise_id) DO UPDATE SET
    uscc = excluded.uscc, name = excluded.name, name_key = excluded.name_key,
    division_code = excluded.division_code, industry = excluded.industry,
    products = excluded.products, profile = excluded.profile,
    qualifications = excluded.qualifications, affiliates = excluded.affiliates,
    push = excluded.push, invented = excluded.invented, source = excluded.source,
    documents = excluded.documents, batch_id = excluded.batch_id,
    change_seq = excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING enterprise_id
