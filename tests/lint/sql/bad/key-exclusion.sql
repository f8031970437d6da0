ALTER TABLE push ADD EXCLUDE USING gist (patent_id WITH <>, sent_during WITH &&);
