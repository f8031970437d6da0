ALTER TABLE lead ADD FOREIGN KEY (patent_id) REFERENCES patent_alias;
