-- Appends the staged legal status.
INSERT INTO patent_status SELECT * FROM stage_patent_status
