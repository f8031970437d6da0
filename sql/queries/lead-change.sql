-- A number for what changes now; drawn first, because an UPDATE of a distributed table calls nothing volatile.
-- -> bigint
SELECT nextval('change_seq')
