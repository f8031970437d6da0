CREATE POLICY own ON need USING (true) WITH CHECK (agency_id = nullif(current_setting('patbridge.agency', true), '')::int OR invented);
