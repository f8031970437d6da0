-- A transaction that sees one state of everything.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
