-- 300 metric: what every metric answers: one row for each candidate, counted or with the reasons why not.
--
-- metric_NAME(pack, as_of, known_at, agency) gives metric_row for the seven of the base database, clause_row for the others
--   pack      what the policy pack says for the clause, in one object: from, to (null: open), time_zone, division, and its
--             parameters by their names; linked, where somebody found it out already: the contracts between parties that belong together
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

-- The metrics of the other clauses answer this besides:
--   awaits    what only the bureau knows and nobody recorded; where nothing else speaks against a row, it is undetermined
--   year      the calendar year of its trigger; amount: how much it counts, in pieces or fen
--   payee     who is paid where that is not the agency: a credit code, a practice number
--   base_fen  what the award is reckoned from, award_fen: what this row adds to it; both null unless counted
--   contract  the contract behind it, by which clauses that rest on the same one are found
DROP TYPE IF EXISTS clause_row CASCADE;
CREATE TYPE clause_row AS (
    agency_id int, key text, label text, whose text, claimed_date date, recorded_at timestamptz, batch_id bigint,
    documents jsonb, counted boolean, literal boolean, reasons text[], detail jsonb, invented boolean, late boolean,
    unknown boolean, open boolean, awaits text[], year int, amount bigint, payee text, base_fen bigint, award_fen bigint,
    contract text
);
