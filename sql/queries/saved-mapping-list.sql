-- Mappings that an agency keeps, the latest first.
-- $1 int: agency; $2 text or null: kind
-- -> kind, name, header_key, mapping text, saved_at timestamptz
SELECT kind, name, header_key, mapping, saved_at FROM saved_mapping
WHERE agency_id = $1::int AND ($2::text IS NULL OR kind = $2::text)
ORDER BY saved_at DESC, kind, name
