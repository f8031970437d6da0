-- Takes a person's name out.
-- $1 text: kind; $2 bigint: the record
SELECT erase_person($1::text, $2::bigint)
