-- 0037 page: pages of an agency's patents are looked for in the index alone. Of one that holds every twentieth patent, twenty are passed over
-- for each that is shown: each was read from the table.
DROP INDEX patent_page;
CREATE INDEX patent_page ON patent ((coalesce(application_number, publication_number) COLLATE "C"))
    INCLUDE (patent_id, recorded_at, application_number, publication_number);
