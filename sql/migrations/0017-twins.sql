-- 0017 twins: leads show patents that say nearly the same as one of an enterprise's best, by the same applicant, folded.
ALTER TABLE lead ADD COLUMN twins jsonb; -- [patent_id as text], best first; null: none
