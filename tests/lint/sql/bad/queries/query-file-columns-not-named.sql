-- A need.
-- $1 bigint: the need
SELECT title, text FROM need WHERE need_id = $1
