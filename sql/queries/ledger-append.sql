-- Appends an entry for what this transaction changed; nothing when it changed nothing.
-- $1 jsonb: {kind, agency, who, os_user, subject, reason}; $2 jsonb: [{source, by, ids, at, moved}]
-- -> seq text, or null
SELECT ledger_append($1::jsonb, $2::jsonb, clock_timestamp())::text AS seq
