-- 0025 single: single rows without all the others, and functions of the views whose arguments changed.
-- Enterprises that list affiliates, by their names as views/345-deal_fact.sql folds them (folded_name), so that one contract's parties are
-- looked for without folding everybody's. What is not plain has an index of its own: they are few.
CREATE INDEX enterprise_owner_code ON enterprise (lower(uscc)) WHERE cardinality(affiliates) > 0;
CREATE INDEX enterprise_owner_name ON enterprise (lower(translate(name, '（）', '()'))) WHERE cardinality(affiliates) > 0;
CREATE INDEX enterprise_owner_odd ON enterprise (enterprise_id)
    WHERE cardinality(affiliates) > 0 AND (uscc !~ '^[0-9A-Za-z]*$' OR name !~ '^[0-9A-Za-z()（）\u4e00-\u9fff]*$');
-- Patents in the order in which pages of them are read (views/397-page.sql).
CREATE INDEX patent_page ON patent ((coalesce(application_number, publication_number) COLLATE "C"));
-- Functions of the views that have other arguments now: what stands there under an old form would be called beside the new one.
DO $$
DECLARE
    old regprocedure;
BEGIN
    FOR old IN
        SELECT p.oid FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace
            AND p.proname IN ('deal_beside', 'deal_party', 'deal_fact', 'deal_entry', 'deal_support', 'deal_twin', 'metric_part',
                              'page_patents', 'kept_touched')
    LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', old);
    END LOOP;
END $$;
