ALTER TABLE push ADD CONSTRAINT push_lead FOREIGN KEY (need_id) REFERENCES lead (need_id);
