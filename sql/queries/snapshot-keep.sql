-- Keeps lines of a snapshot: rows in COPY's binary form, which nobody has to look through for what would end a row.
COPY snapshot_block (snapshot_id, n, lines) FROM STDIN (FORMAT binary)
