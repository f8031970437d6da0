-- Writes the staged holdings.
INSERT INTO record_holding SELECT * FROM stage_record_holding
