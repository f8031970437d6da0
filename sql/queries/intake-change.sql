-- Draws the number of this change.
-- -> change bigint
SELECT nextval('change_seq') AS change
