-- 0010 scheme: the classification in force, so that symbols of older editions can be led to what lives of them. Local to the
-- coordinator; everybody reads it.
CREATE TABLE ipc_symbol (
    symbol text COLLATE "C" NOT NULL, -- in normal form, "G06F17/30"
    level text NOT NULL,              -- section, class, subclass, group
    parent text COLLATE "C",          -- the symbol above, by the dots where the scheme gives them
    title text NOT NULL,
    loaded_at timestamptz NOT NULL
);
ALTER TABLE ipc_symbol ADD PRIMARY KEY (symbol);
GRANT ALL ON ipc_symbol TO patbridge_owner;
GRANT SELECT ON ipc_symbol TO patbridge_service, patbridge_across, patbridge_readonly;
GRANT INSERT, UPDATE ON ipc_symbol TO patbridge_across;
