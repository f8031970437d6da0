CREATE TABLE patent (application_number text NOT NULL);
SELECT create_distributed_table('patent', 'patent_id');
