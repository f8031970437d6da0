-- Writes what is staged for patent; the rows as they stand before are kept by intake-keep-patent.
-- -> one row a row written
INSERT INTO patent SELECT * FROM stage_patent
ON CONFLICT (patent_id) DO UPDATE SET
    application_number = excluded.application_number,
    publication_number = excluded.publication_number, kind = excluded.kind,
    type = excluded.type, title = excluded.title, abstract = excluded.abstract,
    claims = excluded.claims, description = excluded.description,
    applicants = excluded.applicants, assignees = excluded.assignees,
    inventors = excluded.inventors, ipc = excluded.ipc, cpc = excluded.cpc,
    locarno = excluded.locarno, keywords = excluded.keywords,
    application_date = excluded.application_date, publication_date = excluded.publication_date,
    grant_date = excluded.grant_date, legal_status = excluded.legal_status,
    legal_status_date = excluded.legal_status_date, region = excluded.region,
    address = excluded.address, agent_institution = excluded.agent_institution,
    family = excluded.family, offer = excluded.offer, provenance = excluded.provenance,
    merged_into = excluded.merged_into, invented = excluded.invented, source = excluded.source,
    documents = excluded.documents, batch_id = excluded.batch_id,
    change_seq = excluded.change_seq, recorded_at = excluded.recorded_at
RETURNING patent_id
