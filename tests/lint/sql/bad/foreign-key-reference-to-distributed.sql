ALTER TABLE need ADD FOREIGN KEY (best_patent_id) REFERENCES patent;
