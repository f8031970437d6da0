-- A place for one transaction's rows of platform_review.
CREATE TEMP TABLE IF NOT EXISTS stage_platform_review (LIKE platform_review) ON COMMIT DELETE ROWS
