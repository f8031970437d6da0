ALTER TABLE lead ADD CONSTRAINT lead_key PRIMARY KEY (need_id, agency_id);
