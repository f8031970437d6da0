-- Writes the staged holdings.
INSERT INTO patent_holding SELECT * FROM stage_patent_holding
