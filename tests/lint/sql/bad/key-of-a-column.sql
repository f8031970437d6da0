CREATE TABLE lead (
    patent_id bigint NOT NULL,
    lead_number bigint UNIQUE
);
