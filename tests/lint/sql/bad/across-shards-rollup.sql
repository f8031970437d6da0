SELECT agency_id, state, count(*) FROM lead GROUP BY ROLLUP (agency_id, state);
