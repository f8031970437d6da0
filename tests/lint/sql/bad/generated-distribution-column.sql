CREATE TABLE patent (
    application_number text NOT NULL,
    patent_id bigint GENERATED ALWAYS AS (hashtextextended(application_number, 0)) STORED
);
