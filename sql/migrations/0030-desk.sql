-- 0030 desk: what the agency's desk keeps. All nullable: what the ledger knows of a row stays so.
-- A decision made at the desk can be taken back for some seconds by whoever made it; until then nothing is pushed because of it.
ALTER TABLE lead ADD COLUMN held_until timestamptz;
-- A refused row waits until it was mended and loaded, or somebody said that it is not needed.
ALTER TABLE refused_row ADD COLUMN settled_at timestamptz;
ALTER TABLE refused_row ADD COLUMN settled_by text;
ALTER TABLE refused_row ADD COLUMN settled_batch bigint; -- null: it was set aside
