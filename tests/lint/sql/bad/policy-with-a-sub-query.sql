CREATE POLICY own ON need USING (agency_id IN (SELECT agency_id FROM agency));
