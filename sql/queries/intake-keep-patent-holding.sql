-- Ends the holdings in force that are about to be written anew; they stay as history.
-- $1 bigint[]: ids; $2 int: the agency; $3 timestamptz: the moment
UPDATE patent_holding SET superseded_at = $3::timestamptz
WHERE patent_id = ANY ($1::bigint[])
  AND agency_id = $2::int AND superseded_at IS NULL
