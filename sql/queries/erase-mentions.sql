-- Takes a person's words out of notes and refused rows, before the record itself forgets them.
-- $1 text: kind; $2 bigint: the record; $3 timestamptz: now
-- -> notes, refused bigint
SELECT notes, refused FROM erase_mentions($1::text, $2::bigint, $3::timestamptz)
