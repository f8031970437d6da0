-- All that loading leaves, a line a row, without what differs from run to run by right: ids that were drawn from a sequence,
-- batches, numbers of changes and moments of recording.
\set own '''{batch_id,change_seq,recorded_at,first_recorded_at,superseded_at,proposed_at,matched_at,enterprise_id,need_id,deal_id,declared_push_id,record_id}'''
SELECT 'patent ' || (to_jsonb(t) - :own::text[])::text FROM patent t;
SELECT 'version ' || patent_id || ' ' || (record - :own::text[])::text FROM patent_version;
SELECT 'alias ' || number || ' ' || patent_id FROM patent_alias;
SELECT 'status ' || (to_jsonb(t) - :own::text[])::text FROM patent_status t;
SELECT 'holding ' || (superseded_at IS NULL) || ' ' || (to_jsonb(t) - :own::text[])::text FROM patent_holding t;
SELECT 'enterprise ' || (to_jsonb(t) - :own::text[])::text FROM enterprise t;
SELECT 'register version ' || kind || ' ' || (record - :own::text[])::text FROM register_version;
SELECT 'held ' || e.uscc || ' ' || (h.superseded_at IS NULL) || ' ' || (to_jsonb(h) - :own::text[])::text
FROM record_holding h JOIN enterprise e ON e.enterprise_id = h.record_id;
SELECT 'held by ' || count(*) FROM record_holding;
SELECT 'need ' || e.uscc || ' ' || (to_jsonb(t) - :own::text[])::text FROM need t JOIN enterprise e USING (enterprise_id);
SELECT 'deal ' || (to_jsonb(t) - :own::text[])::text FROM deal t;
SELECT 'declared ' || (to_jsonb(t) - :own::text[])::text FROM declared_push t;
SELECT 'fact version ' || kind || ' ' || (record - :own::text[])::text FROM fact_version;
SELECT 'contact ' || count(*) FROM contact;
SELECT DISTINCT 'refused ' || b.kind || ' ' || b.file_digest || ' ' || (to_jsonb(t) - :own::text[])::text
FROM refused_row t JOIN load_batch b USING (batch_id);
