-- The latest change among the patents that an agency holds.
-- $1 int: the agency
-- -> latest bigint, 0 when it holds none
SELECT greatest(
    coalesce((SELECT max(change_seq) FROM patent_holding WHERE agency_id = $1::int AND superseded_at IS NULL), 0),
    coalesce((SELECT max(change_seq) FROM patent), 0)) AS latest
