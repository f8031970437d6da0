CREATE TABLE push (
    patent_id bigint NOT NULL,
    batch_id bigint REFERENCES load_batch
);
