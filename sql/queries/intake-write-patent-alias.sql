-- Writes the staged numbers; one that is there already stays as it is.
INSERT INTO patent_alias SELECT * FROM stage_patent_alias ON CONFLICT (number) DO NOTHING
