-- 0022 page: an agency's pushes in the order in which pages of them are read (views/397-page.sql).
CREATE INDEX push_page ON push (agency_id, push_id) INCLUDE (patent_id, created_at);
