-- The first entry of a ledger that has none: every row that is there.
-- -> seq text, or no row
SELECT ledger_append('{"kind": "opened", "always": true}',
                     (SELECT jsonb_agg(jsonb_build_object('source', s.source, 'ids', '[]'::jsonb)) FROM ledger_source() s),
                     clock_timestamp())::text AS seq
WHERE NOT EXISTS (SELECT FROM ledger)
