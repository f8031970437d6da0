-- Appends an entry for what this transaction changed; nothing when it changed nothing.
-- $1 jsonb: {kind, agency, who, os_user, subject, reason}; $2 jsonb: [{source, by, ids, at, moved, moments}]; $3 jsonb: {rows, digest} of
-- the packs that stand under it, or null
-- -> seq text, or null
SELECT ledger_append($1::jsonb, $2::jsonb, clock_timestamp(), nullif($3::jsonb, 'null'))::text AS seq
