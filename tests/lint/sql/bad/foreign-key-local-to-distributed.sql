ALTER TABLE outbox ADD FOREIGN KEY (patent_id, push_id) REFERENCES push (patent_id, push_id);
