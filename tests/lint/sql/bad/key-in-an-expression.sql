CREATE UNIQUE INDEX lead_once ON lead (need_id, (patent_id % 7), abs(patent_id));
