-- 0025 single: single rows without all the others.
-- Enterprises that list affiliates, by their names as views/345-deal_fact.sql folds them (folded_name), so that one contract's parties are
-- looked for without folding everybody's. What is not plain has an index of its own: they are few.
CREATE INDEX enterprise_owner_code ON enterprise (lower(uscc)) WHERE cardinality(affiliates) > 0;
CREATE INDEX enterprise_owner_name ON enterprise (lower(translate(name, '（）', '()'))) WHERE cardinality(affiliates) > 0;
CREATE INDEX enterprise_owner_odd ON enterprise (enterprise_id)
    WHERE cardinality(affiliates) > 0 AND (uscc !~ '^[0-9A-Za-z]*$' OR name !~ '^[0-9A-Za-z()（）\u4e00-\u9fff]*$');
-- Patents in the order in which pages of them are read (views/397-page.sql).
CREATE INDEX patent_page ON patent ((coalesce(application_number, publication_number) COLLATE "C"));
