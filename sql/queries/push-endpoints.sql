-- Endpoints in use of these enterprises.
-- $1 bigint[]: enterprises
-- -> enterprise_id, agency_id, channel, endpoint_id
SELECT enterprise_id, agency_id, channel, endpoint_id
FROM endpoint
WHERE enterprise_id = ANY ($1::bigint[]) AND disabled_at IS NULL
