CREATE TABLE patent (patent_id bigint NOT NULL);
SELECT create_reference_table('patents');
