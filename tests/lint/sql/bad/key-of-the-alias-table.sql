ALTER TABLE patent_alias ADD PRIMARY KEY (patent_id);
