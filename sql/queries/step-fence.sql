-- Whether a step is still led under this number; no other can take it over until the transaction ends.
-- $1 text: the step; $2 bigint: the number
-- -> one row when it is
SELECT fence FROM step WHERE name = $1 AND fence = $2::bigint FOR KEY SHARE
