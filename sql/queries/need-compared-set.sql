-- Says up to which change needs have been compared.
-- $1 bigint: the change
-- -> change_seq bigint
WITH past AS (
    DELETE FROM need_compared c WHERE c.change_seq < $1::bigint RETURNING c.change_seq
)
INSERT INTO need_compared (change_seq) SELECT $1::bigint WHERE (SELECT count(*) FROM past) >= 0 RETURNING change_seq
