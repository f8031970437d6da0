-- A place for one transaction's rows of navigation_project.
CREATE TEMP TABLE IF NOT EXISTS stage_navigation_project (LIKE navigation_project) ON COMMIT DELETE ROWS
