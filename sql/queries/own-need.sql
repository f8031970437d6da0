-- Whose a need is: by an agency's name for it.
-- $1 int: the agency; $2 text: its name for the need
-- -> enterprise_id bigint, title, text, valid_from, state
SELECT n.enterprise_id, n.title, n.text, n.valid_from, n.state FROM need n WHERE n.agency_id = $1::int AND n.source_id = $2::text
