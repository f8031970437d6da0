INSERT INTO patent (patent_id, title) VALUES (1, 'x')
ON CONFLICT (patent_id) DO UPDATE SET title = excluded.title, recorded_at = now()
RETURNING patent_id;
