CREATE TABLE push (
    patent_id bigint NOT NULL,
    push_id uuid NOT NULL,
    PRIMARY KEY (push_id)
);
