-- 0031 page: needs, contracts, invoices and enterprises in the order in which pages of them are read (views/397-page.sql).
CREATE INDEX need_page ON need (agency_id, (source_id COLLATE "C"));
CREATE INDEX deal_page ON deal (agency_id, (contract_number COLLATE "C"));
CREATE INDEX sale_page ON sale (agency_id, (invoice COLLATE "C"));
CREATE INDEX enterprise_page ON enterprise ((uscc COLLATE "C")) INCLUDE (enterprise_id, recorded_at);
