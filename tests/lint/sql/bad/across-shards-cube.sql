SELECT agency_id, state, count(*) FROM lead GROUP BY CUBE (agency_id, state);
