-- Waits until no transaction of an earlier leader is open: each holds the row by FOR KEY SHARE.
-- $1 text: the step
-- -> fence bigint
SELECT fence FROM step WHERE name = $1 FOR UPDATE
