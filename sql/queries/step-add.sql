-- Makes a step's row where there is none.
-- $1 text: the step
INSERT INTO step (name) VALUES ($1) ON CONFLICT (name) DO NOTHING
