UPDATE lead AS l SET decided_at = current_timestamp WHERE l.patent_id = 1;
