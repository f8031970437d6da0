SELECT agency_id, state, count(*) FROM lead GROUP BY GROUPING SETS ((agency_id), (state), ());
