SELECT patent_id FROM push WHERE state = 'due' ORDER BY patent_id LIMIT 10 FOR UPDATE SKIP LOCKED;
