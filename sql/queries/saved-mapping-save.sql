-- Keeps a mapping under a name, in place of the one that was there.
-- $1 int: agency; $2 text: kind; $3 text: name; $4 text: header key; $5 text: mapping; $6 timestamptz: now
INSERT INTO saved_mapping (agency_id, kind, name, header_key, mapping, saved_at)
VALUES ($1::int, $2, $3, $4, $5, $6::timestamptz)
ON CONFLICT (agency_id, kind, name) DO UPDATE SET header_key = excluded.header_key, mapping = excluded.mapping,
    saved_at = excluded.saved_at
