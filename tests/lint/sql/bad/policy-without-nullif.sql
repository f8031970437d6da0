CREATE POLICY own ON need USING (agency_id = current_setting('patbridge.agency')::int);
