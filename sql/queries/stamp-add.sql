-- Keeps a time-stamp of a snapshot.
-- $1 bigint: the snapshot; $2 timestamptz: now; $3 text: the authority's address; $4 text: its answer, base64
INSERT INTO snapshot_stamp (snapshot_id, stamped_at, authority, answer) VALUES ($1::bigint, $2::timestamptz, $3, $4)
