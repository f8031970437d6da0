-- Where a patent went that was found to be the same application as another.
-- $1 bigint: patent
-- -> merged_into bigint; no row when it is not known, null when it was not merged
SELECT merged_into::text AS merged_into FROM patent WHERE patent_id = $1::bigint
