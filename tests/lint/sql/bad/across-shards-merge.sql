MERGE INTO patent p USING stage_patent s ON p.patent_id = s.patent_id
WHEN MATCHED THEN UPDATE SET title = s.title
WHEN NOT MATCHED THEN INSERT VALUES (s.patent_id, s.title);
