CREATE UNIQUE INDEX push_once ON push (agency_id, enterprise_id) WHERE withdrawn_at IS NULL;
