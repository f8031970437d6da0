-- Notes what this transaction changed, for figures that are kept.
-- $1 jsonb: [{source, ids, moved}]; $2 jsonb: {kind, subject, agency} of the ledger's entry; $3 int: whose rows, 0: of several
-- -> source text, one row a source
INSERT INTO track_change (xid, source, kind, agency_id, ids, noted_at)
SELECT DISTINCT pg_current_xact_id(), regexp_replace(t.item ->> 'source', '_version$', ''),
       CASE WHEN t.item ->> 'source' = 'decision' AND $2::jsonb ->> 'kind' = 'decide' THEN $2::jsonb ->> 'subject' END,
       nullif($3::int, 0),
       CASE WHEN jsonb_array_length(t.item -> 'ids') <= 200 AND NOT t.item ? 'moved'
            THEN ARRAY(SELECT i.id FROM jsonb_array_elements_text(t.item -> 'ids') i (id)) END,
       transaction_timestamp()
FROM jsonb_array_elements($1::jsonb) t (item)
WHERE t.item ->> 'source' <> 'policy' -- what the pack says is part of a figure's name
RETURNING source
