-- Of an agency's contracts those between parties one of which lists the other among its affiliates, or which are one.
-- $1 timestamptz: known at; $2 int: the agency
-- -> deal bigint
SELECT DISTINCT l.deal FROM unnest(deal_linked_of($1::timestamptz, $2::int)) l (deal)
