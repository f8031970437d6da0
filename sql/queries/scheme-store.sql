-- Stores symbols of the classification.
-- $1 jsonb: [{symbol, level, parent, title}], each symbol once; $2 timestamptz: now
-- -> one row for each that is new or changed: fresh boolean
INSERT INTO ipc_symbol (symbol, level, parent, title, loaded_at)
SELECT s.symbol, s.level, s.parent, s.title, $2::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS s(symbol text, level text, parent text, title text)
ON CONFLICT (symbol) DO UPDATE SET level = excluded.level, parent = excluded.parent, title = excluded.title,
    loaded_at = excluded.loaded_at
WHERE (ipc_symbol.level, ipc_symbol.parent, ipc_symbol.title) IS DISTINCT FROM (excluded.level, excluded.parent, excluded.title)
RETURNING (xmax = 0) AS fresh
