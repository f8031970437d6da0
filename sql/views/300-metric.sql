-- 300 metric: what every metric answers: one row for each candidate, counted or with the reasons why not.
--
-- metric_NAME(pack, as_of, known_at, agency)
--   pack      what the policy pack says for the clause, in one object: from, to (null: open), time_zone, division, and its
--             parameters by their names
--   as_of     the day of which it is true; known_at  the moment by which it had been recorded
--   agency    whose rows, null for every agency's; rules that reach across agencies see all of them either way
-- Columns
--   key, label, whose  the natural key, what it is, who it concerns (applicants, employer, enterprise, buyer)
--   claimed_date       the date that the fact claims; recorded_at: the server's
--   counted            what the pack counts; literal: the wider reading, where there is one, else the same
--   reasons            every reason that speaks against it, first the one that is given; empty when counted
--   detail             what it rests on
--   invented           it, or something it rests on, is made up
--   late               recorded, or decided, after the day for which it stands
--   unknown            counted although something is not known (legal status; whether the parties are affiliated)
--   open               needs: still open on the day
DROP TYPE IF EXISTS metric_row CASCADE;
CREATE TYPE metric_row AS (
    agency_id int, key text, label text, whose text, claimed_date date, recorded_at timestamptz, batch_id bigint,
    documents jsonb, counted boolean, literal boolean, reasons text[], detail jsonb, invented boolean, late boolean,
    unknown boolean, open boolean
);
