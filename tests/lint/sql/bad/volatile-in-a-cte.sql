WITH taken AS (
    UPDATE need SET state = 'closed', token = gen_random_uuid() WHERE need_id = 1 RETURNING need_id
)
SELECT count(*) FROM taken;
