CREATE VIEW due_push AS SELECT * FROM push WHERE state = 'due';
SELECT patent_id FROM due_push FOR NO KEY UPDATE SKIP LOCKED;
