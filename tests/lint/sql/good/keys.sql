-- Keys with the distribution column, and keys of tables that are not distributed.
CREATE TABLE lead (
    patent_id bigint NOT NULL,
    need_id bigint NOT NULL REFERENCES need,
    agency_id int NOT NULL,
    note text DEFAULT 'now and then; unique',
    number bigint GENERATED ALWAYS AS IDENTITY,
    points int GENERATED ALWAYS AS (score / 1000) STORED,
    PRIMARY KEY (patent_id, need_id),
    FOREIGN KEY (patent_id) REFERENCES patent,
    CHECK (score >= 0)
);
CREATE UNIQUE INDEX lead_once ON lead USING btree (lower(note), patent_id DESC) INCLUDE (score) WHERE need_id > 0;
ALTER TABLE public.patent_alias ADD CONSTRAINT patent_alias_key PRIMARY KEY (number);
ALTER TABLE push ADD EXCLUDE USING gist (patent_id WITH =, sent_during WITH &&);
ALTER TABLE push ADD FOREIGN KEY (patent_id, need_id) REFERENCES lead, ADD COLUMN agency_id int REFERENCES agency;
CREATE UNIQUE INDEX need_key ON need (agency_id, source_id);
CREATE UNIQUE INDEX outbox_key ON outbox (push_id);
ALTER TABLE need ADD FOREIGN KEY (agency_id) REFERENCES agency;
ALTER TABLE outbox ADD FOREIGN KEY (agency_id) REFERENCES agency;
CREATE TRIGGER outbox_changed AFTER UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION note_change();
