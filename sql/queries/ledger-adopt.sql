-- Takes in the rows of sources that migration 0019 put under the ledger, as long as no entry knows anything of them.
-- -> seq text, null where there are no such rows
SELECT ledger_append('{"kind": "opened", "subject": "sources that migration 0019 added"}',
                     (SELECT coalesce(jsonb_agg(jsonb_build_object('source', s.source, 'ids', '[]'::jsonb)), '[]')
                      FROM unnest('{oddity_mark,parameter_decision,policy_signature,snapshot_stamp}'::text[]) s (source)
                      WHERE NOT EXISTS (SELECT FROM ledger_row r WHERE r.source = s.source)),
                     clock_timestamp())::text AS seq
