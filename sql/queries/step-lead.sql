-- A new leader, under the next number.
-- $1 text: the step; $2 text: who leads; $3 timestamptz: now
-- -> fence bigint
UPDATE step SET fence = fence + 1, beats = beats + 1, leader = $2, led_since = $3::timestamptz WHERE name = $1 RETURNING fence
