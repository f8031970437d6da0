-- Writes the staged refusals.
INSERT INTO refused_row SELECT * FROM stage_refused_row ON CONFLICT (batch_id, place) DO NOTHING
