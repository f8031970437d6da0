-- What the next rows of a metric are about (views/397-page.sql).
-- $1 text: the metric; $2 date: as of; $3 timestamptz: known at; $4 int: the agency; $5 text: the key of the last row that was read
-- before, '' for the first page; $6 int: how many rows at most
-- -> ids bigint[], null: all of them; last text: the key up to which these are all rows, null: none are behind them
SELECT p.ids::text AS ids, p.last FROM page_ids($1, $2::date, $3::timestamptz, $4::int, $5, $6::int) p
